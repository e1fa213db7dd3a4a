"""What requests for agendas name: a representative that there is."""

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.agenda_view.test_table_api import at_two_tables, registered_by_representatives
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


async def test_each_representative_has_a_sheet_and_a_calendar(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await at_two_tables(runtime, settings)
        manager = bearer(issuer, "manager", districts=["marble"])
        await registered_by_representatives(http, manager)
        sheet = f"{EVENT}/agenda/pages/participants/anna"
        for path in ("agenda/nobody", "agenda/pages/participants/nobody"):
            unknown = await http.get(f"{EVENT}/{path}", headers=bearer(issuer, "operator"))
            assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:distretti:problem:not-registered")
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
        assert none.json()["detail"] == "carla has no representative r1: it has named none."
