"""Where each meeting is and who goes there, by participant, table and room, as data."""

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.events import Table
from tests.events.calendar.test_history import version
from tests.events.factories import CAUSE, agree, event_state, feed_members, meeting_id
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
PAIRS = [("anna", "bruno"), ("anna", "carla")]


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
