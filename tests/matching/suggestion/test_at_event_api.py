"""Suggestions among the participants of a brokerage event."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from distretti.devstack.token_issuer import Issuer
from services.matching.projections.brokerage_events import BROKERAGE_EVENTS, PARTICIPANTS
from services.matching.projections.members import MEMBERS
from services.matching.queries import parse_member
from services.matching.ranking import ShortlistIndex
from services.matching.ranking.corpus.snapshot import serialize
from services.matching.search.engine.client import SearchEngine
from services.matching.shortlist.full_rebuild import rule_versions
from services.matching.shortlist.stored import REBUILDS, SNAPSHOTS
from services.matching.suggestion.change_watcher import shortlist_watcher
from shared.chassis.config import Settings
from shared.contracts import topics
from shared.contracts.base import LocalizedText
from shared.contracts.events import (
    BrokerageEventAnnounced,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Preference,
    Slot,
)
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.matching.factories import put_list, put_member, suggestion
from tests.matching.search.client import LONGEST_START, SEARCH_ENGINE

OFFER = {"nature": "technology", "title": "Laser cutting of marble slabs", "text": "", "language": "en", "visibility": "network"}
NEED = {"nature": "technology", "title": "Taglio di lastre di marmo con il laser", "text": "", "language": "it"}
STARTS, ENDS = datetime(2027, 3, 10, 9, tzinfo=UTC), datetime(2027, 3, 10, 10, tzinfo=UTC)
FAIR = BrokerageEventAnnounced(
    title=LocalizedText(it="Fiera", en="Fair"),
    districts=("marble",),
    modes=("b2b",),
    venue="Carrara",
    timezone="Europe/Rome",
    slots=(Slot(number=1, starts=STARTS, ends=ENDS),),
    tables=2,
)


ENGINE_AND_WATCHER = replace(
    SEARCH_ENGINE,
    workers=lambda runtime: (
        SearchEngine(runtime.settings),
        shortlist_watcher(runtime),
    ),
)


def path(member: str, event: str = "fair") -> str:
    return f"/v1/brokerage-events/{event}/participants/{member}/suggestions"


def taking_part(member: str, **options: Any) -> ParticipantRegistered:
    return ParticipantRegistered(event_id="fair", member_id=member, **options)


async def test_participants_find_each_other_and_nobody_else(settings: Settings, issuer: Issuer) -> None:
    async with serving(ENGINE_AND_WATCHER, settings) as (runtime, http):
        mongo = runtime.mongo
        await put_member(mongo, "anna", needs={"n": NEED}, districts=["marble", "fashion"])
        await put_member(mongo, "gina", offers={"o": {**OFFER, "visibility": "district"}}, districts=["fashion"])
        for id in ("bruno", "carla", "dora", "emma", "fabio"):
            await put_member(mongo, id, offers={"o": OFFER})
        await put_member(mongo, "lab", kind="research-organisation", offers={"o": {**OFFER, "nature": "research"}})
        await feed(settings, topics.BROKERAGE, "fair", 1, FAIR)
        avoiding = taking_part("anna", preferences=(Preference(member_id="fabio", wish="no-thanks"),))
        await feed(settings, topics.REGISTRATIONS, "r-anna", 1, avoiding)
        for id in ("bruno", "carla", "fabio", "gina", "lab"):
            await feed(settings, topics.REGISTRATIONS, f"r-{id}", 1, taking_part(id))
        await feed(settings, topics.REGISTRATIONS, "r-carla", 2, ParticipantWithdrew(event_id="fair", member_id="carla"))
        waiting = ParticipantPutOnStandby(event_id="fair", member_id="dora", since=STARTS)
        await feed(settings, topics.REGISTRATIONS, "r-dora", 1, waiting)

        async def projected() -> bool:
            count = await mongo[PARTICIPANTS.collection].count_documents({"takes_part": True})
            return count == 5 and await mongo[BROKERAGE_EVENTS.collection].count_documents({}) == 1

        await eventually(projected)
        own_headers = bearer(issuer, "member", "anna")
        members = [parse_member(document) async for document in mongo[MEMBERS.collection].find()]
        among_all = ShortlistIndex(members)
        await mongo[SNAPSHOTS].insert_one({"pass": "p", "part": 0, "content": serialize(among_all.snapshot)})
        await mongo[REBUILDS].insert_one({"_id": "p", "rules": rule_versions(), "made": STARTS})

        async def answer_if_ready() -> dict[str, Any] | None:
            response = await http.get(path("anna"), headers=own_headers)
            assert response.status_code in (200, 503), response.text
            return response.json() if response.status_code == 200 else None

        body = await eventually(answer_if_ready, LONGEST_START)
        assert body is not None
        assert {mode: [item["partner"] for item in items] for mode, items in body["suggestions"].items()} == {
            "b2b": ["bruno", "gina"]
        }
        # Among few, a pair scores what it scores among all.
        explained = among_all.explain("anna", "bruno")
        assert explained is not None
        assert body["suggestions"]["b2b"][0]["score"] == explained.score
        assert "Laser cutting" in body["suggestions"]["b2b"][0]["why"]

        # A manager sees nothing that is restricted to other districts, at the event or in the member's list.
        both_suggestions = body["suggestions"]["b2b"]
        stored = [suggestion(item["partner"], item["score"], passages=item["passages"]) for item in both_suggestions]
        await put_list(mongo, "anna", b2b=stored)
        listed = "/v1/members/anna/suggestions"
        for url in (path("anna"), listed):
            of_marble = (await http.get(url, headers=bearer(issuer, "manager", districts=["marble"]))).json()
            assert [item["partner"] for item in of_marble["suggestions"]["b2b"]] == ["bruno"]
            of_fashion = (await http.get(url, headers=bearer(issuer, "manager", districts=["fashion", "marble"]))).json()
            assert [item["partner"] for item in of_fashion["suggestions"]["b2b"]] == ["bruno", "gina"]
        assert len((await http.get(listed, headers=own_headers)).json()["suggestions"]["b2b"]) == 2
        # What an offer said before it was narrowed is quoted no more, whatever was ranked.
        await mongo[MEMBERS.collection].update_one({"_id": "bruno"}, {"$set": {"offers.o.visibility": "district", "districts": []}})
        assert [item["partner"] for item in (await http.get(listed, headers=own_headers)).json()["suggestions"]["b2b"]] == ["gina"]
        assert (await http.get(path("anna"), headers=bearer(issuer, "member", "bruno"))).status_code == 403
        assert (await http.get(path("dora"), headers=bearer(issuer, "member", "dora"))).status_code == 404
        assert (await http.get(path("anna", "other"), headers=own_headers)).status_code == 404
