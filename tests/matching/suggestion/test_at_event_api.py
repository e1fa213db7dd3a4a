"""Suggestions among the participants of a brokerage event."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from distretti.devstack.token_issuer import Issuer
from services.matching.projections.brokerage import BROKERAGE, PARTICIPANTS, fold_brokerage
from services.matching.projections.members import PROFILES
from services.matching.ranking import ShortlistIndex, member_from_view
from services.matching.ranking.corpus.snapshot import serialize
from services.matching.search.engine.client import Answering
from services.matching.shortlist.full_rebuild import rule_versions
from services.matching.store import FROZEN, PASSES
from services.matching.suggestion.change_watcher import Watcher
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received, Record
from shared.contracts import topics
from shared.contracts.base import LocalizedText
from shared.contracts.envelope import Envelope
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventCorrected,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Preference,
    Slot,
)
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.matching.factories import put_list, put_member, suggestion
from tests.matching.search.client import ANSWERING, LONGEST_START

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


ANSWERING_AND_LISTS = replace(
    ANSWERING, workers=lambda runtime: (Answering(runtime.settings), Watcher(runtime.mongo, lambda: runtime.stopping))
)


def path(member: str, event: str = "fair") -> str:
    return f"/v1/brokerage-events/{event}/participants/{member}/suggestions"


def taking_part(member: str, **how: Any) -> ParticipantRegistered:
    return ParticipantRegistered(event_id="fair", member_id=member, **how)


async def test_participants_find_each_other_and_nobody_else(settings: Settings, issuer: Issuer) -> None:
    async with serving(ANSWERING_AND_LISTS, settings) as (runtime, http):
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

        async def heard() -> bool:
            there = await mongo[PARTICIPANTS.collection].count_documents({"takes_part": True})
            return there == 5 and await mongo[BROKERAGE.collection].count_documents({}) == 1

        await eventually(heard)
        mine = bearer(issuer, "member", "anna")
        members = [member_from_view(view["_id"], view) async for view in mongo[PROFILES.collection].find()]
        among_all = ShortlistIndex(members)
        await mongo[FROZEN].insert_one({"pass": "p", "part": 0, "content": serialize(among_all.snapshot)})
        await mongo[PASSES].insert_one({"_id": "p", "rules": rule_versions(), "made": STARTS})

        async def asked() -> dict[str, Any] | None:
            search = await http.get(path("anna"), headers=mine)
            assert search.status_code in (200, 503), search.text
            return search.json() if search.status_code == 200 else None

        found = await eventually(asked, LONGEST_START)
        assert found is not None
        assert {mode: [item["partner"] for item in items] for mode, items in found["suggestions"].items()} == {
            "b2b": ["bruno", "gina"]
        }
        # Among few, a pair scores what it scores among all.
        explained = among_all.explain("anna", "bruno")
        assert explained is not None
        assert found["suggestions"]["b2b"][0]["score"] == explained.score
        assert "Laser cutting" in found["suggestions"]["b2b"][0]["why"]

        # A manager sees nothing of what is kept to other districts, at the event or in the member's list.
        both = found["suggestions"]["b2b"]
        stored = [suggestion(one["partner"], one["score"], passages=one["passages"]) for one in both]
        await put_list(mongo, "anna", b2b=stored)
        listed = "/v1/members/anna/suggestions"
        for where in (path("anna"), listed):
            of_marble = (await http.get(where, headers=bearer(issuer, "manager", districts=["marble"]))).json()
            assert [one["partner"] for one in of_marble["suggestions"]["b2b"]] == ["bruno"]
            of_fashion = (await http.get(where, headers=bearer(issuer, "manager", districts=["fashion", "marble"]))).json()
            assert [one["partner"] for one in of_fashion["suggestions"]["b2b"]] == ["bruno", "gina"]
        assert len((await http.get(listed, headers=mine)).json()["suggestions"]["b2b"]) == 2
        # What an offer said before it was narrowed is quoted no more, whatever was ranked.
        await mongo[PROFILES.collection].update_one(
            {"_id": "bruno"}, {"$set": {"offers.o.visibility": "district", "districts": []}}
        )
        assert [one["partner"] for one in (await http.get(listed, headers=mine)).json()["suggestions"]["b2b"]] == ["gina"]
        assert (await http.get(path("anna"), headers=bearer(issuer, "member", "bruno"))).status_code == 403
        assert (await http.get(path("dora"), headers=bearer(issuer, "member", "dora"))).status_code == 404
        assert (await http.get(path("anna", "other"), headers=mine)).status_code == 404


def test_an_event_is_known_by_its_title_as_corrected() -> None:
    envelope = Envelope("id", "t", "/test", "fair", STARTS, 2, "c", b"{}")
    received = Received(Record("events.brokerage", 0, 2, b"fair", (), b"{}"), envelope)
    known = fold_brokerage("fair", None, received, FAIR)
    title = LocalizedText(it="Fiera del marmo", en="Marble fair")
    corrected = BrokerageEventCorrected(**{**FAIR.model_dump(), "title": title}, changed=("title",))
    assert known == {"title": FAIR.title.model_dump(), "districts": ("marble",), "modes": ("b2b",)}
    assert fold_brokerage("fair", known, received, corrected) == {**known, "title": title.model_dump()}
