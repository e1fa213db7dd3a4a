"""Whoever may not know a thing cannot tell it from one that does not exist: every operation, asked about both."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE as EVENTS
from services.events.meeting.queries import meeting_id
from services.matching.introduction.rules import introduction_id
from services.matching.main import SERVICE as MATCHING
from services.matching.search.engine.client import SearchEngine
from services.matching.suggestion.change_watcher import shortlist_watcher
from services.notifications.main import SERVICE as NOTIFICATIONS
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.config import Settings
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import MEMBERS
from tests.events.factories import agree, announcement, draft_by_id
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.matching.factories import put_member
from tests.notifications.factories import applied
from tests.registry.factories import DISTRICT, application
from tests.system.sample_bodies import sample_bodies

OUTSIDER, NEVER = "zoe", "never-existed"
PARAMETERS = {"member": OUTSIDER, "of": "participants", "need": "n1", "part": "o1", "secret": "none"}
"""What stands in a path beside the id; 1 for everything else."""
BODIES = sample_bodies(OUTSIDER, "anna", "bruno")


def requests(document: Mapping[str, Any], hidden: Mapping[str, str]) -> Iterator[tuple[str, str, str, Any]]:
    """Each operation about a hidden kind of thing: method, path about it, path about none, body."""
    for path, operations in document["paths"].items():
        kind = path.split("/")[2] if path.startswith("/v1/") else ""
        if kind not in hidden or "{id}" not in path:
            continue
        for method in operations:
            filled = re.sub(r"\{(\w+)\}", lambda match: match[0] if match[1] == "id" else PARAMETERS.get(match[1], "1"), path)
            body = BODIES.get(f"{method.upper()} {path}")
            yield method, filled.replace("{id}", hidden[kind]), filled.replace("{id}", NEVER), body


def outline(answer: httpx2.Response, id: str) -> tuple[int, str, list[tuple[str, str]]]:
    """All of an answer but for the id, and what no two answers have in common."""
    own = {"date", "x-correlation-id", "content-length"}
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in own)
    return answer.status_code, answer.text.replace(id, "-"), headers


async def compare(http: httpx2.AsyncClient, issuer: Issuer, hidden: Mapping[str, str]) -> set[str]:
    """Ask every operation about the hidden and about nothing, as whoever may not know it; give the kinds that were asked about."""
    member, conditional = bearer(issuer, "member", OUTSIDER), {"If-Match": '"1"', "Idempotency-Key": "k"}
    senders = [
        member,
        member | conditional,
        bearer(issuer, "manager", districts=["wood"]),
        bearer(issuer, "partner") | conditional,
        {},
    ]
    document = (await http.get("/openapi.json")).json()
    kinds: set[str] = set()
    for method, path, other_path, body in requests(document, hidden):
        kind = path.split("/")[2]
        kinds.add(kind)
        for number, sender in enumerate(senders):
            pair = (http.request(method, place, json=body, headers=sender) for place in (path, other_path))
            answers = await asyncio.gather(*pair)
            about_hidden, about_none = (outline(answer, id) for answer, id in zip(answers, (hidden[kind], NEVER), strict=True))
            assert about_hidden == about_none, (method, path, number)
            # Only the header may be what does not fit: the body does.
            assert about_hidden[0] in (401, 403, 404) or "if-match-impossible" in about_hidden[1], (method, path, about_hidden)
    return kinds


async def test_a_hidden_application_is_answered_as_an_unknown_one(settings: Settings, issuer: Issuer) -> None:
    async with serving(REGISTRY, settings) as (_, http):
        operator = bearer(issuer, "operator")
        (await http.post("/v1/districts", json=DISTRICT, headers=operator)).raise_for_status()
        id = (await http.post("/v1/members", json=application(), headers=operator)).json()["id"]
        assert await compare(http, issuer, {"members": id}) == {"members"}


async def test_a_hidden_draft_and_meeting_are_answered_as_unknown_ones(settings: Settings, issuer: Issuer) -> None:
    async with serving(EVENTS, settings) as (runtime, http):
        await draft_by_id(runtime, "draft", announcement())
        await agree(runtime, "fair", [("anna", "bruno")])
        hidden = {"brokerage-events": "draft", "meetings": meeting_id("fair", "anna", "bruno")}
        assert await compare(http, issuer, hidden) == set(hidden)


async def test_a_hidden_message_is_answered_as_an_unknown_one(settings: Settings, issuer: Issuer) -> None:
    async with serving(NOTIFICATIONS, settings) as (runtime, http):
        await feed(settings, MEMBERS, "anna", 1, applied("Anna"))
        await feed(settings, MEMBERS, "anna", 2, MemberApproved())
        await eventually(lambda: runtime.mongo["messages"].count_documents({}))
        message = await runtime.mongo["messages"].find_one({})
        assert message is not None
        assert await compare(http, issuer, {"messages": message["_id"], "members": "anna"}) == {"messages", "members"}


class NoSearchEngine(SearchEngine):
    """Is asked nothing by those who may not ask."""

    async def run(self) -> None:
        return


async def test_what_matching_hides_is_answered_as_unknown(settings: Settings, issuer: Issuer) -> None:
    service = replace(MATCHING, workers=lambda runtime: [NoSearchEngine(runtime.settings), shortlist_watcher(runtime)])
    async with serving(service, settings) as (runtime, http):
        for member, status in (("anna", "approved"), ("bruno", "approved"), ("carla", "applied")):
            await put_member(runtime.mongo, member, status=status)
        interest = {"mode": "b2b", "by": "anna", "towards": "bruno"}
        (await http.post("/v1/interests", json=interest, headers=bearer(issuer, "member", "anna"))).raise_for_status()
        hidden = {"introductions": introduction_id("b2b", "anna", "bruno"), "members": "carla"}
        assert await compare(http, issuer, hidden) == set(hidden)
        other_side = bearer(issuer, "member", "bruno")
        answers = [await http.get(f"/v1/introductions/{id}", headers=other_side) for id in (hidden["introductions"], NEVER)]
        assert [outline(answer, "-") for answer in answers] == [outline(answers[1], "-")] * 2
