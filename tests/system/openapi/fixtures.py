"""All four services in this process with something in each: what requests can be about."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx2

from distretti.devstack.token_issuer import Issuer
from distretti.ops.services import declarations
from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.events import AgendaPublished, Placement
from tests.events.factories import CAUSE, LONG_BEFORE, agree, announced, drafted, event_state
from tests.lib.services import bearer, eventually, serving
from tests.matching.test_api import SENSORS, admitted
from tests.registry.factories import DISTRICT

Running = Mapping[str, tuple[Runtime, httpx2.AsyncClient]]


@dataclass(frozen=True)
class PopulatedSystem:
    """Where each service is, whose tokens there are, and what is there by kind: ids, and names of the taxonomy."""

    addresses: Mapping[str, str]
    documents: Mapping[str, dict[str, object]]
    tokens: Sequence[Mapping[str, str]]
    ids: Mapping[str, Sequence[str]]


@asynccontextmanager
async def populated_system(settings: Settings, issuer: Issuer) -> AsyncIterator[PopulatedSystem]:
    """Run every service until the block ends."""
    async with AsyncExitStack() as stack:
        running = {service.name: await stack.enter_async_context(serving(service, settings)) for service in declarations()}
        operator = bearer(issuer, "operator")
        members = await _members(running, operator)
        events = await _events(running["events"][0], members)
        introductions, messages = await _introduced(running, issuer, members)
        yield PopulatedSystem(
            {name: str(http.base_url).rstrip("/") for name, (_, http) in running.items()},
            {name: (await http.get("/openapi.json")).json() for name, (_, http) in running.items()},
            [operator, operator, bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", members[0]), {}],
            {
                "members": members,
                "brokerage-events": events,
                "meetings": [meeting_id(events[0], *pair) for pair in pairs(members)],
                "introductions": introductions,
                "messages": messages,
                "parts": ["o1", "n1"],
                "districts": ["marble"],
                "topics": ["ict-photonics/photonics"],
                "timezones": ["Europe/Rome"],
            },
        )


def pairs(members: Sequence[str]) -> list[tuple[str, str]]:
    """Who meets whom."""
    return [(members[0], members[1]), (members[2], members[3]), (members[0], members[2])]


async def _members(running: Running, operator: dict[str, str]) -> list[str]:
    registry, matching, events = (running[name] for name in ("registry", "matching", "events"))
    (await registry[1].post("/v1/districts", json=DISTRICT, headers=operator)).raise_for_status()
    members = [await admitted(registry[1], operator, n, offers=[SENSORS], needs=[SENSORS]) for n in range(5)]
    for id in members:
        contact = {"name": "R", "email": f"m{members.index(id)}@post.example", "language": "it"}
        (await registry[1].put(f"/v1/members/{id}/contact", json=contact, headers=operator)).raise_for_status()
    for runtime, _ in (matching, events):
        await eventually(lambda runtime=runtime: _all_approved(runtime, len(members)))  # type: ignore[misc]
    await eventually(lambda: _answers_are_ready(matching[1], operator, members[-1]), 60)
    return members


async def _answers_are_ready(matching: httpx2.AsyncClient, operator: dict[str, str], member: str) -> bool:
    wish = {"text": "sensors", "language": "en", "member": member}
    return (await matching.post("/v1/answers", json=wish, headers=operator)).status_code == 200


async def _all_approved(runtime: Runtime, count: int) -> bool:
    return await runtime.mongo["members"].count_documents({"status": "approved"}) == count


async def _events(runtime: Runtime, members: Sequence[str]) -> list[str]:
    """An event with meetings and an agenda, one with registrations, one announced, one that is a draft."""
    await agree(runtime, "fair", pairs(members))
    await agree(runtime, "open", pairs(members)[:1])
    await runtime.write.execute(BROKERAGE, "announced", lambda state: brokerage.announce(state, announced(), LONG_BEFORE), CAUSE)
    await runtime.write.execute(BROKERAGE, "draft", lambda state: brokerage.draft(state, drafted()), CAUSE)
    places = tuple(
        Placement(meeting_id=meeting_id("fair", *pair), members=pair, slot=slot, table=1)
        for slot, pair in enumerate(pairs(members), 1)
    )
    agenda = AgendaPublished(event_id="fair", placements=places, status="optimal", breaks=0, bound=0, input="-")
    for _ in range(2):
        await runtime.write.execute(AGENDA, "fair", lambda state: agendas.publish(state, agenda, event_state()), CAUSE)
    return ["fair", "open", "announced", "draft"]


async def _introduced(running: Running, issuer: Issuer, members: Sequence[str]) -> tuple[list[str], list[str]]:
    """Two introductions, of which one is made, and the messages about it."""
    matching, notifications = running["matching"][1], running["notifications"]
    ids = []
    for by, towards in ((0, 1), (1, 0), (0, 2)):
        body = {"mode": "b2b", "by": members[by], "towards": members[towards]}
        answer = await matching.post("/v1/interests", json=body, headers=bearer(issuer, "member", members[by]))
        ids.append(answer.raise_for_status().json()["id"])
    await eventually(lambda: notifications[0].mongo["messages"].count_documents({}))
    return ids[1:], [message["_id"] async for message in notifications[0].mongo["messages"].find().sort("_id")]
