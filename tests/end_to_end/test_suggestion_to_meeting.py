"""A suggestion from beginning to end: across languages and districts, explained, declined, introduced, met."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from rich.console import Console

from distretti.cli.explain import load_explanation, show
from distretti.devstack.errors import LocalError
from distretti.devstack.token_issuer import Issuer
from services.matching.main import SERVICE as MATCHING
from services.matching.shortlist.verification import explain, recompute
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from shared.contracts.events import MeetingAccepted, MeetingHeld, MeetingMissed, MeetingRequested, OutcomeRecorded
from shared.contracts.topics import MEETINGS
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.matching.test_api import admitted
from tests.registry.factories import DISTRICT

FASHION = {"id": "fashion", "name": {"it": "Moda", "en": "Fashion"}, "theme": {"it": "Moda", "en": "Fashion"}}
NEED = {"nature": "technology", "title": "Taglio laser di lastre di marmo", "text": "", "language": "it", "topics": []}
OFFER = {"nature": "technology", "title": "Laser cutting of stone slabs", "text": "", "language": "en", "topics": []}
SECRET = "Laser cutting of marble slabs for shipyards"


@dataclass
class System:
    """Registry and matching with a seeker in the marble district and makers in other districts."""

    registry: httpx2.AsyncClient
    matching: httpx2.AsyncClient
    mongo: Mongo
    issuer: Issuer
    settings: Settings
    seeker: str = ""
    open_maker: str = ""
    other_maker: str = ""
    hidden_maker: str = ""

    async def suggestion(self, viewer: str, partner: str, language: str = "en") -> dict[str, Any] | None:
        """The suggestion of a partner to a member; None where there is none."""
        headers = bearer(self.issuer, "member", viewer) | {"Accept-Language": language}
        answer = (await self.matching.get(f"/v1/members/{viewer}/suggestions", headers=headers)).json()
        return next((item for item in answer["suggestions"].get("b2b", []) if item["partner"] == partner), None)

    async def score(self, viewer: str, partner: str) -> float:
        """The score of a partner in a member's suggestions; 0 where it is not suggested."""
        return float((await self.suggestion(viewer, partner) or {"score": 0})["score"])

    async def answer(self, collection: str, by: str, towards: str, **more: str) -> None:
        """Express interest or decline, as a member."""
        body = {"mode": "b2b", "by": by, "towards": towards, **more}
        (await self.matching.post(f"/v1/{collection}", json=body, headers=bearer(self.issuer, "member", by))).raise_for_status()


@asynccontextmanager
async def system(settings: Settings, issuer: Issuer) -> AsyncIterator[System]:
    async with serving(REGISTRY, settings) as (_, registry), serving(MATCHING, settings) as (runtime, matching):
        made = System(registry, matching, runtime.mongo, issuer, settings)
        operator = bearer(issuer, "operator")
        for district in (DISTRICT, FASHION):
            (await registry.post("/v1/districts", json=district, headers=operator)).raise_for_status()
        made.seeker = await admitted(registry, operator, 1, needs=[NEED])
        made.open_maker = await admitted(registry, operator, 2, districts=["fashion"], offers=[OFFER])
        made.other_maker = await admitted(registry, operator, 3, districts=["fashion"], offers=[OFFER])
        hidden = {**OFFER, "title": SECRET, "visibility": "district"}
        made.hidden_maker = await admitted(registry, operator, 4, districts=["fashion"], offers=[hidden])
        await eventually(lambda: made.suggestion(made.seeker, made.other_maker), 90)
        yield made


async def settled(made: System) -> None:
    """Wait until the dirty set is empty and every stored suggestion is recomputed as it is."""

    async def equal() -> bool:
        recomputed = await recompute(made.mongo)
        return recomputed.waiting == 0 and recomputed.differing == [] and recomputed.suggestions > 0

    await eventually(equal, 60)


@pytest.mark.timeout(400)
async def test_from_an_italian_need_to_an_english_offer_and_what_follows(settings: Settings, issuer: Issuer) -> None:
    async with system(settings, issuer) as made:
        seeker, maker, second_maker = made.seeker, made.open_maker, made.other_maker
        await settled(made)
        suggestion = await made.suggestion(seeker, maker)
        assert suggestion is not None
        passages = [(passage["yours"], passage["theirs"]) for passage in suggestion["passages"]]
        assert passages == [(NEED["title"], OFFER["title"])]
        assert NEED["title"] in suggestion["why"]
        assert OFFER["title"] in suggestion["why"]
        assert OFFER["title"] in ((await made.suggestion(seeker, maker, "it")) or {})["why"]

        # An offer visible in its own district only is not found from other districts, and affects no text and no score.
        suggestions = await made.matching.get(f"/v1/members/{seeker}/suggestions", headers=bearer(issuer, "member", seeker))
        assert made.hidden_maker not in suggestions.text
        assert SECRET not in suggestions.text
        assert (await explain(made.mongo, seeker, made.hidden_maker)).suggestion is None
        explained = await explain(made.mongo, seeker, maker)
        assert explained.suggestion is not None
        assert explained.suggestion.score == explained.stored_score == suggestion["score"]
        explanation = await load_explanation(settings, seeker, maker)
        assert explanation == await load_explanation(settings, seeker, maker)
        for language, words in (("it", "Che cosa lo alzerebbe"), ("en", "What would raise it")):
            with Console(width=400, record=True, quiet=False, file=io.StringIO()) as console:
                show(console, explanation, language)  # type: ignore[arg-type]
            printed = console.export_text()
            assert words in printed
            assert OFFER["title"] in printed
            assert f"{suggestion['score']:.6f}" in printed
        with pytest.raises(LocalError, match="no approved member"):
            await load_explanation(settings, seeker, "nobody")
        with pytest.raises(LocalError, match="never suggested to itself"):
            await load_explanation(settings, seeker, seeker)

        # Declined for now it ranks lower, declined for another reason it is gone; the partner's list does not change.
        reverse = await made.suggestion(maker, seeker)
        await made.answer("declines", seeker, maker, reason="Dopo la fiera", code="not-now")
        first = suggestion["score"]
        await eventually(lambda: _is(made.score(seeker, maker), lambda score: 0 < score < first), 60)
        await made.answer("declines", seeker, maker, reason="Abbiamo già un fornitore")
        await eventually(lambda: _is(made.score(seeker, maker), lambda score: score == 0), 60)
        await settled(made)
        assert await made.suggestion(maker, seeker) == reverse
        with Console(width=400, record=True, quiet=False, file=io.StringIO()) as console:
            show(console, await load_explanation(settings, seeker, maker), "en")
        assert "The member declined it (other)" in console.export_text()

        # An introduction lowers the score, since the pair is no longer new; a held meeting and its outcome raise it.
        fresh = await made.score(seeker, second_maker)
        await made.answer("interests", seeker, second_maker)
        evidence = await _evidence(made, seeker)
        assert evidence["score"] == fresh
        assert evidence["passages"][0]["theirs"] == OFFER["title"]
        assert evidence["features"]["their_offer"] > 0
        await made.answer("interests", second_maker, seeker)
        for viewer, partner in ((seeker, second_maker), (second_maker, seeker)):
            await eventually(lambda v=viewer, p=partner: _is(made.score(v, p), lambda score: 0 < score < fresh), 60)  # type: ignore[misc]
        introduced = await made.suggestion(seeker, second_maker)
        assert introduced is not None
        assert introduced["contributions"]["met_before"] < 0
        assert "introduced" in introduced["why_not"]

        requested = MeetingRequested(event_id="e1", mode="b2b", by=seeker, towards=second_maker)
        accepted = MeetingAccepted(event_id="e1", by=second_maker, towards=seeker)
        missed, held = MeetingMissed(event_id="e1", absent=(second_maker,)), MeetingHeld(event_id="e1", by=seeker)
        for sequence, event in enumerate((requested, accepted, missed, held), 1):
            await feed(settings, MEETINGS, "meeting-1", sequence, event)
        await eventually(lambda: _is(made.score(seeker, second_maker), lambda score: score > fresh), 60)
        raised = await made.score(seeker, second_maker)
        partners_score = await eventually(lambda: _above(made.score(second_maker, seeker), fresh), 60)
        await feed(settings, MEETINGS, "meeting-1", 5, OutcomeRecorded(event_id="e1", by=seeker, outcome="joint-project"))
        await eventually(lambda: _is(made.score(seeker, second_maker), lambda score: score > raised), 60)
        await settled(made)
        assert await made.score(second_maker, seeker) == partners_score, "an outcome counts for the side that recorded it only"
        assert "You have met once" in ((await made.suggestion(seeker, second_maker)) or {})["why"]


async def _is(score: Any, holds: Any) -> bool:
    return bool(holds(await score))


async def _above(score: Any, least: float) -> float:
    value = float(await score)
    return value if value > least else 0.0


async def _evidence(made: System, member: str) -> dict[str, Any]:
    headers = bearer(made.issuer, "member", member)
    listed = (await made.matching.get(f"/v1/members/{member}/introductions", headers=headers)).json()["items"]
    stands = (introduction["stands"][member]["evidence"] for introduction in listed)
    (evidence,) = [evidence for evidence in stands if evidence]
    return dict(evidence)
