"""Tables, rooms, pages and the picture over HTTP: what they say, in which language, to whom."""

import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.calendar.test_history import version
from tests.events.factories import CAUSE, agree, event_state, feed_members
from tests.events.printing.test_html import visible_text
from tests.events.printing.test_svg import drawn
from tests.lib.services import bearer, serving

AGENDA_PATH = "/v1/brokerage-events/fair/agenda"


@pytest.mark.filterwarnings("error::UserWarning")
async def test_an_agenda_is_read_and_printed_by_participant_table_and_room(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        await agree(runtime, "fair", [("anna", "bruno"), ("carla", "dora"), ("anna", "dora")])
        anna, manager = bearer(issuer, "member", "anna"), bearer(issuer, "manager", districts=["marble"])
        assert (await http.get(f"{AGENDA_PATH}/pages/day.svg", headers=manager)).status_code == 404
        placed = (("ab", ("anna", "bruno"), 1, 1), ("cd", ("carla", "dora"), 1, 2))
        agenda = version(1, *placed, unplaced=[("ad", ("anna", "dora"))])
        await runtime.write.execute(AGENDA, "fair", lambda state: agendas.publish(state, agenda, event_state()), CAUSE)

        async def text_at(path: str, headers: dict[str, str]) -> str:
            answer = await http.get(f"{AGENDA_PATH}/pages/{path}", headers=headers)
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            return visible_text(answer.text)

        sheet = await text_at("participants/anna", anna | {"Accept-Language": "it"})
        assert "Firm anna venerdì 12 marzo 2027 Orario Tavolo Incontro con 09:30–09:50 1 Firm bruno" in sheet
        assert "Senza posto in agenda Firm dora: Dora si è ritirata." in sheet
        assert "carla" not in sheet
        assert "Friday, 12 March 2027" in await text_at("participants/anna?lang=en", anna | {"Accept-Language": "it"})
        assert "09:30–09:50 Firm carla, Firm dora" in await text_at("tables/2", manager)
        room = await text_at("rooms/1", manager)
        assert "Room: Carrara" in room
        assert "1 Firm anna, Firm bruno 09:30–09:50 2 Firm carla, Firm dora" in room
        sheets = await text_at("participants", manager)
        assert sheets.count("Meeting with") == 4
        assert (await text_at("tables", manager)).count("Friday") == 2
        picture = await http.get(f"{AGENDA_PATH}/pages/day.svg", headers=manager)
        assert picture.headers["content-type"] == "image/svg+xml"
        assert "Table 2, 09:30: Firm carla, Firm dora" in "".join(drawn(picture.text).itertext())

        table = (await http.get(f"{AGENDA_PATH}/tables/1", headers=manager)).json()
        assert [[member["name"] for member in meeting["members"]] for meeting in table["meetings"]] == [["Firm anna", "Firm bruno"]]
        assert (table["room"], table["meetings"][0]["starts"]) == ("Carrara", "2027-03-12T08:30:00.000Z")
        room_agenda = (await http.get(f"{AGENDA_PATH}/rooms/1", headers=manager)).json()
        assert (room_agenda["tables"], [meeting["table"] for meeting in room_agenda["meetings"]]) == ([1, 2], [1, 2])

        for path in ("pages/participants/bruno", "pages/participants", "pages/tables/1", "pages/rooms/1", "pages/day.svg"):
            assert (await http.get(f"{AGENDA_PATH}/{path}", headers=anna)).status_code == 403
        for path in ("tables/1", "rooms/1"):
            assert (await http.get(f"{AGENDA_PATH}/{path}", headers=anna)).status_code == 403
        for path in ("pages/tables/3", "pages/tables/0", "pages/rooms/2", "pages/rooms/0", "tables/3", "rooms/2"):
            assert (await http.get(f"{AGENDA_PATH}/{path}", headers=manager)).status_code == 404
        assert (await http.get(f"{AGENDA_PATH}/pages/chairs", headers=manager)).status_code == 422
