"""Suggestions among the participants of a brokerage event."""

from datetime import UTC, datetime
from typing import Any

from deploy.local.issuer import Issuer
from services.matching.context import BROKERAGE, PARTICIPANTS
from services.matching.projections import PROFILES
from services.matching.ranker.passes import rule_versions
from services.matching.ranking import Index, member_from_view
from services.matching.ranking.freezing import freeze
from services.matching.store import FROZEN, PASSES
from shared.chassis.settings import Settings
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
from tests.feed import feed
from tests.matching.answering import ANSWERING, LONGEST_START
from tests.matching.lists import put_member
from tests.support import bearer, eventually, serving

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


def path(member: str, event: str = "fair") -> str:
    return f"/v1/brokerage-events/{event}/participants/{member}/suggestions"


def taking_part(member: str, **how: Any) -> ParticipantRegistered:
    return ParticipantRegistered(event_id="fair", member_id=member, **how)


async def test_participants_find_each_other_and_nobody_else(settings: Settings, issuer: Issuer) -> None:
    async with serving(ANSWERING, settings) as (runtime, http):
        mongo = runtime.mongo
        await put_member(mongo, "anna", needs={"n": NEED})
        for id in ("bruno", "carla", "dora", "emma", "fabio"):
            await put_member(mongo, id, offers={"o": OFFER})
        await put_member(mongo, "lab", kind="research-organisation", offers={"o": {**OFFER, "nature": "research"}})
        await feed(settings, topics.BROKERAGE, "fair", 1, FAIR)
        avoiding = taking_part("anna", preferences=(Preference(member_id="fabio", wish="no-thanks"),))
        await feed(settings, topics.REGISTRATIONS, "r-anna", 1, avoiding)
        for id in ("bruno", "carla", "fabio", "lab"):
            await feed(settings, topics.REGISTRATIONS, f"r-{id}", 1, taking_part(id))
        await feed(settings, topics.REGISTRATIONS, "r-carla", 2, ParticipantWithdrew(event_id="fair", member_id="carla"))
        waiting = ParticipantPutOnStandby(event_id="fair", member_id="dora", since=STARTS)
        await feed(settings, topics.REGISTRATIONS, "r-dora", 1, waiting)

        async def heard() -> bool:
            there = await mongo[PARTICIPANTS.collection].count_documents({"takes_part": True})
            return there == 4 and await mongo[BROKERAGE.collection].count_documents({}) == 1

        await eventually(heard)
        mine = bearer(issuer, "member", "anna")
        members = [member_from_view(view["_id"], view) async for view in mongo[PROFILES.collection].find()]
        among_all = Index(members)
        await mongo[FROZEN].insert_one({"pass": "p", "part": 0, "content": freeze(among_all.vocabulary)})
        await mongo[PASSES].insert_one({"_id": "p", "rules": rule_versions(), "made": STARTS})

        async def asked() -> dict[str, Any] | None:
            answer = await http.get(path("anna"), headers=mine)
            assert answer.status_code in (200, 503), answer.text
            return answer.json() if answer.status_code == 200 else None

        found = await eventually(asked, LONGEST_START)
        assert found is not None
        assert {mode: [item["partner"] for item in items] for mode, items in found["suggestions"].items()} == {"b2b": ["bruno"]}
        # Among few, a pair scores what it scores among all.
        explained = among_all.explain("anna", "bruno")
        assert explained is not None
        assert found["suggestions"]["b2b"][0]["score"] == explained.score
        assert "Laser cutting" in found["suggestions"]["b2b"][0]["why"]

        assert (await http.get(path("anna"), headers=bearer(issuer, "manager", districts=["marble"]))).status_code == 200
        assert (await http.get(path("anna"), headers=bearer(issuer, "member", "bruno"))).status_code == 403
        assert (await http.get(path("dora"), headers=bearer(issuer, "member", "dora"))).status_code == 404
        assert (await http.get(path("anna", "other"), headers=mine)).status_code == 404
