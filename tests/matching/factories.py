"""Members and shortlists stored as matching's routes read them, for tests of the routes alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.matching.main import SERVICE
from services.matching.projections.members import MEMBERS
from services.matching.shortlist.stored import SHORTLISTS
from services.matching.suggestion.change_watcher import shortlist_watcher
from shared.chassis.mongo import Mongo
from shared.contracts.base import to_milliseconds

ROUTES = replace(SERVICE, workers=lambda runtime: (shortlist_watcher(runtime),))
"""Matching without its child processes."""


async def put_member(mongo: Mongo, id: str, **facts: Any) -> None:
    """Put an approved firm of the marble district by default."""
    view = {
        "name": f"Firm {id}",
        "kind": "sme",
        "districts": ["marble"],
        "place": {"country": "IT"},
        "profile": {"topics": []},
        "status": "approved",
        "offers": {},
        "needs": {},
    }
    await mongo[MEMBERS.collection].insert_one({"_id": id, **view, **facts})


def suggestion(partner: str, score: float, **facts: Any) -> dict[str, Any]:
    """Make a suggestion as it is stored."""
    texts = {name: {"it": f"{name} it", "en": f"{name} en"} for name in ("why", "why_not", "raise")}
    return {
        "partner": partner,
        "score": score,
        "rule": "b2b-2",
        "contributions": {},
        "passages": [],
        "features": {},
        **texts,
    } | facts


async def put_list(mongo: Mongo, member: str, **lists: Sequence[dict[str, Any]]) -> datetime:
    """Put a member's shortlist, computed now."""
    computed = to_milliseconds(datetime.now(UTC))
    document = {"lists": {mode: list(items) for mode, items in lists.items()}, "computed": computed}
    await mongo[SHORTLISTS].replace_one({"_id": member}, document, upsert=True)
    return computed
