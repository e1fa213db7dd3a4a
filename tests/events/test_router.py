"""What the document says of answers: each operation that answers JSON says what, and is asked here and held to it."""

from dataclasses import replace
from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.jobs.periodic_jobs import BrokerageEvents, JobContext, PeriodicJobs
from services.events.main import SERVICE
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.worker import Worker
from tests.events.appointment.test_api import idle_workers
from tests.events.attendance.test_api import running_slots
from tests.events.factories import agree_on, announcement, draft_by_id, event_state, feed_members, midday, publish
from tests.lib.openapi_check import operation_of, operations
from tests.lib.services import bearer, eventually, serving

EVENTS = "/v1/brokerage-events"
EVENT = f"{EVENTS}/fair"
MEMBERS = ("anna", "bruno", "carla", "dora")


def nothing_by_itself(runtime: Runtime) -> list[Worker]:
    """Neither computes agendas nor does what is due."""

    async def no_closing(_events: BrokerageEvents) -> None: ...

    return [
        idle_workers(runtime)[0],
        PeriodicJobs(JobContext(runtime.mongo, runtime.write, runtime.clock, runtime.read_only), [], closing=no_closing),
    ]


def test_each_operation_that_answers_json_says_what() -> None:
    schemas = [schema for operation in operations(SERVICE.router) for schema in operation.schemas.values()]
    assert len(schemas) > 40
    named = [part["$ref"].rpartition("/")[2] for schema in schemas for part in (schema, *schema.get("anyOf", ())) if "$ref" in part]
    assert len(set(named)) > 15
    for schema in schemas:
        assert "$ref" in schema or "anyOf" in schema
    components = schemas[0]["components"]["schemas"]
    assert all(components[name]["additionalProperties"] is False for name in named)
    assert all(components[name]["required"] == list(components[name]["properties"]) for name in named)


async def test_each_operation_answers_as_it_says(settings: Settings, issuer: Issuer) -> None:
    left = {(operation.method, operation.path) for operation in operations(SERVICE.router) if operation.schemas}

    async def note(answer: httpx2.Response) -> None:
        if answer.is_success and (operation := operation_of(SERVICE.router, answer)) is not None:
            left.discard((operation.method, operation.path))

    async with serving(replace(SERVICE, workers=nothing_by_itself), settings) as (runtime, http):
        http.event_hooks["response"].append(note)
        await feed_members(settings, runtime, MEMBERS)
        manager = bearer(issuer, "manager", districts=["marble"])

        async def do(method: str, path: str, body: Any = None, headers: dict[str, str] = manager) -> Any:
            answer = await http.request(method, path, json=body, headers=headers)
            assert answer.is_success, f"{method} {path}: {answer.text}"
            return answer.json() if "json" in answer.headers["content-type"] else answer.text

        # From the draft to the registrations.
        times = [slot.model_dump(mode="json") for slot in running_slots(1, 4)]
        table = {"number": 3, "kind": "virtual", "member_id": None, "seats": None, "label": "Aula B"}
        quotas = [{"kind": "sme", "most": 9}]
        hybrid = {"format": "hybrid", "tables": 3, "special_tables": [table]}
        whole = announcement(slots=times, timezone=midday(), quotas=quotas, requests_until=times[-1]["ends"], **hybrid)
        await do("POST", EVENTS, {**whole, "draft": True})
        await draft_by_id(runtime, "fair", whole)
        await do("PUT", f"{EVENT}/draft", {**whole, "venue": "Massa"})
        for step in ("announce", "open"):
            await do("POST", f"{EVENT}/{step}")
        await do("PUT", EVENT, {**whole, "venue": "Pietrasanta"})
        wishes = [{"member_id": "bruno", "wish": "must"}]
        two = [{"id": "r1", "label": "Vendite"}, {"id": "r2"}]
        for member in MEMBERS:
            details = {"preferences": wishes, "representatives": two, "languages": ["it"]} if member == "anna" else {}
            await do("POST", f"{EVENT}/registrations", {"member_id": member, **details})
        await do("PUT", f"{EVENT}/registrations/anna/availability", {"unavailable": [5]})
        await do("GET", f"{EVENT}/registrations/anna/overlaps")
        await do("PUT", f"{EVENT}/closed-tables", {"tables": [2]})

        # Meetings: agreed, declined, cancelled, one that gets its place by hand.
        request = {"by": "anna", "mode": "b2b"}
        first, second, third = (meeting_id("fair", "anna", partner) for partner in ("bruno", "carla", "dora"))
        for towards in ("bruno", "carla", "dora"):
            await do("POST", f"{EVENT}/meetings", {**request, "towards": towards, "representatives": {"anna": "r1"}})
        await do("POST", f"/v1/meetings/{first}/accept", {"by": "bruno"})
        await do("POST", f"/v1/meetings/{second}/accept", {"by": "carla"})
        await do("POST", f"/v1/meetings/{third}/decline", {"by": "dora", "reason": "no"})
        for by in (*({"by": side} for side in ("anna", "carla")), {}):
            await do("PUT", f"/v1/meetings/{second}/appointment", {**by, "slot": 3})

        # The agenda: computed, published twice, read in every way.
        await do("POST", f"{EVENT}/agenda")
        await do("POST", f"{EVENT}/agenda/computation/stop")
        await do("DELETE", f"{EVENT}/agenda/computation")
        await agree_on(runtime, "fair", ("bruno", "dora"), event_state())
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1)}, input="one")
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("bruno", "dora"): (2, 3)}, input="two")

        async def both_versions() -> bool:
            return len((await do("GET", f"{EVENT}/agenda/versions"))["items"]) == 2

        await eventually(both_versions)
        changes = await do("GET", f"{EVENT}/agenda/versions/1/differences/2")
        assert [placement["table"] for placement in changes["added"]] == [3]
        await do("GET", f"{EVENT}/agenda/versions/2")
        await do("POST", f"{EVENT}/agenda/versions/2/restore")
        for path in ("", "/computation", "/anna", "/tables/3", "/rooms/1"):
            await do("GET", f"{EVENT}/agenda{path}")
        for method in ("POST", "GET", "DELETE"):
            await do(method, f"{EVENT}/agenda/anna/calendar-address")

        # The day, and after it.
        await do("POST", f"{EVENT}/close-registration")
        await do("POST", f"{EVENT}/start")
        code = await do("GET", f"{EVENT}/registrations/anna/check-in")
        await do("POST", f"{EVENT}/registrations/anna/check-in", {"code": code["code"]})
        await do("DELETE", f"{EVENT}/registrations/anna/check-in")
        await do("POST", f"/v1/meetings/{first}/missed", {"by": "bruno"})
        await do("POST", f"/v1/meetings/{first}/held", {})
        await do("POST", f"/v1/meetings/{first}/outcome", {"by": "anna", "outcome": "nda", "value": 5, "on": "2027-05-04"})
        await do("POST", f"/v1/meetings/{first}/feedback", {"by": "anna", "rating": 4})
        await do("POST", f"/v1/meetings/{second}/cancel", {"by": "anna", "reason": "ill"})
        await do("DELETE", f"{EVENT}/registrations/dora")
        await do("POST", f"{EVENT}/close")
        for headers in (manager, bearer(issuer, "member", "anna")):
            for path in (EVENTS, EVENT, f"{EVENT}/registrations", f"{EVENT}/registrations/bruno", f"{EVENT}/meetings?member=anna"):
                await do("GET", path, headers=headers)
            await do("GET", f"/v1/meetings/{first}", headers=headers)
    assert not left
