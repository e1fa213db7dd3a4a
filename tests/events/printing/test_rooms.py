"""Where each meeting is and who goes there, in whatever reads an agenda: as data, and on paper."""

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.main import SERVICE
from services.events.printing.sheets import participant_sheet, table_sheet
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.events import Table
from tests.events.calendar.test_api import version
from tests.events.factories import CAUSE, agree, event_state, feed_members, meeting_id
from tests.events.printing.factories import details, special_table, timetable
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
PAIRS = [("anna", "bruno"), ("anna", "carla")]


def test_a_sheet_names_the_rooms_where_one_is_not_the_venue() -> None:
    labelled = timetable(details(special_tables=(special_table(2, label="Stand Alfa"),)))
    sheet = participant_sheet(labelled, "a", "it")
    assert sheet.columns == ("Orario", "Tavolo", "Sala", "Incontro con")
    assert [row[1:3] for row in sheet.days[0][1]] == [("1", "Carrara"), ("2", "Stand Alfa")]
    assert participant_sheet(labelled, "b", "it").columns == ("Orario", "Tavolo", "Incontro con"), "all of its are in the venue"
    assert table_sheet(labelled, 1, "it").heading == "Tavolo 1"
    assert table_sheet(labelled, 2, "it").heading == "Tavolo 2, Stand Alfa"


def test_a_sheet_says_of_a_virtual_table_that_it_is_online() -> None:
    for label, place in ((None, "Online"), ("Aula B", "Aula B (online)")):
        of = timetable(details(special_tables=(special_table(2, "virtual", label),)))
        assert participant_sheet(of, "c", "en").days[0][1] == (("09:50–10:10", "2", place, "Alfa"),)


async def at_two_tables(runtime: Runtime, settings: Settings) -> None:
    """A version with a meeting in the hall and one online; Anna has two representatives, Bruno one without a label."""
    await feed_members(settings, runtime, ["anna", "bruno", "carla"])
    special = (Table(number=2, kind="virtual", label="Aula B"),)
    await agree(runtime, "fair", PAIRS, format="hybrid", special_tables=special)
    first_version = version(1, *((meeting_id("fair", *pair), pair, slot, slot) for slot, pair in enumerate(PAIRS, 1)))
    people = (("anna:r1", "bruno:r2"), ("anna:r9", "carla"))
    seated = [
        placement.model_copy(update={"people": persons})
        for placement, persons in zip(first_version.placements, people, strict=True)
    ]
    agenda = first_version.model_copy(update={"placements": tuple(seated)})
    await runtime.write.execute(AGENDA, "fair", lambda state: agendas.publish(state, agenda, event_state()), CAUSE)


async def registered_by_representatives(http: httpx2.AsyncClient, manager: dict[str, str]) -> None:
    for member, representatives in (("anna", [{"id": "r1", "label": "Vendite"}]), ("bruno", [{"id": "r2"}])):
        body = {"member_id": member, "representatives": representatives}
        assert (await http.post(f"{EVENT}/registrations", json=body, headers=manager)).status_code == 201


async def test_rooms_and_representatives_are_told_as_data(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await at_two_tables(runtime, settings)
        manager = bearer(issuer, "manager", districts=["marble"])
        await registered_by_representatives(http, manager)

        async def places(path: str, part: str = "meetings") -> list[tuple[object, ...]]:
            answer = await http.get(f"{EVENT}/{path}", headers=manager)
            assert answer.status_code == 200, answer.text
            return [tuple(entry[name] for name in ("table", "room", "virtual")) for entry in answer.json()[part]]

        hall, online = (1, "Carrara", False), (2, "Aula B", True)
        assert await places("agenda/anna") == [hall, online]
        assert await places("agenda/rooms/2") == [online]
        assert await places("agenda", "placements") == [hall, online]
        table = (await http.get(f"{EVENT}/agenda/tables/2", headers=manager)).json()
        assert (table["room"], table["virtual"], await places("agenda/tables/2")) == ("Aula B", True, [online])

        meetings = (await http.get(f"{EVENT}/agenda/anna", headers=bearer(issuer, "member", "anna"))).json()["meetings"]
        assert [meeting["people"] for meeting in meetings] == [["anna:r1", "bruno:r2"], ["anna:r9", "carla"]]
        assert [meeting["labels"] for meeting in meetings] == [["Vendite", None], [None, None]]
        at_the_table = (await http.get(f"{EVENT}/agenda/tables/1", headers=manager)).json()["meetings"]
        assert [meeting["labels"] for meeting in at_the_table] == [["Vendite", None]]

        async def told_again() -> bool:
            return (await http.get(f"{EVENT}/agenda/versions/1", headers=manager)).status_code == 200

        await eventually(told_again)
        assert await places("agenda/versions/1", "placements") == [hall, online]


async def test_each_representative_has_a_sheet_and_a_calendar(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await at_two_tables(runtime, settings)
        manager = bearer(issuer, "manager", districts=["marble"])
        await registered_by_representatives(http, manager)
        sheet = f"{EVENT}/agenda/pages/participants/anna"
        calendar = (await http.post(f"{EVENT}/agenda/anna/calendar-address", headers=manager)).json()["path"]

        async def partners(path: str, representative: str | None = None) -> set[str]:
            answer = await http.get(path, params={"representative": representative} if representative else {}, headers=manager)
            assert answer.status_code == 200, answer.text
            return {name for name in ("bruno", "carla") if f"Firm {name}" in answer.text}

        async def in_the_calendar() -> bool:
            return bool(await partners(calendar))

        await eventually(in_the_calendar)
        for path in (sheet, calendar):
            assert await partners(path) == {"bruno", "carla"}
            assert await partners(path, "r1") == {"bruno"}
            assert await partners(path, "r9") == {"carla"}, "who is seated is known, also when the registration names others"
            unknown = await http.get(path, params={"representative": "r5"}, headers=manager)
            assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:distretti:problem:representative-unknown")
            assert unknown.json()["detail"] == "anna has no representative r5; there are: r1, r9."
        assert "Vendite – Firm bruno (r2)" in (await http.get(calendar)).text
        none = await http.get(sheet.replace("anna", "carla"), params={"representative": "r1"}, headers=manager)
        assert none.json()["detail"] == "carla has no representative r1; there are: none."
