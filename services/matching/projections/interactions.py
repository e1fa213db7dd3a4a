"""What members did with each other through the house: projections of introductions and of meetings.

Each aggregate has a document of its own and is marked by its own id, so that no order of topics matters; the ranker looks up
whom it is about.
"""

from collections.abc import Iterable
from typing import Any

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.chassis.projections.projection import Projection, own_key
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
)
from shared.contracts.matching import InterestDeclined, IntroductionMade
from shared.contracts.topics import INTRODUCTIONS, MEETINGS

ENDED = (MeetingDeclined, MeetingExpired, MeetingCancelled)
TELLING = (MeetingAccepted, *ENDED, MeetingHeld, MeetingMissed, OutcomeRecorded)
"""What of a meeting counts for the ranking; to be asked is nothing yet."""


def fold_introduction(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document:
    """Keep who declined whom and why, and whether the two were introduced. Whatever else a side says takes its decline back."""
    if isinstance(event, IntroductionMade):
        assert document is not None, "an introduction follows two interests"
        return {**document, "introduced": True}
    said = event.model_dump(include={"by", "towards"})
    begun = document or {"members": sorted(said.values()), "declined": {}, "introduced": False}
    declined = {by: code for by, code in begun["declined"].items() if by != said["by"]}
    if isinstance(event, InterestDeclined):
        declined[event.by] = event.code or "other"
    return {**begun, "declined": declined}


def fold_meeting(_id: str, document: Document | None, _received: Received, event: DomainEvent) -> Document:
    """Keep who meets at which event, whether that is agreed, whether it was held (None: nobody told) and who was `absent` then,
    and what came of it."""
    if isinstance(event, MeetingRequested):
        members = [event.by, event.towards, *event.others]
        return {"event_id": event.event_id, "members": members, "agreed": False, "held": None, "outcomes": {}}
    assert document is not None, "a meeting begins with a request"
    changed: dict[str, Any] = {}
    if isinstance(event, MeetingAccepted):
        changed = {"agreed": True}
    elif isinstance(event, ENDED):
        changed = {"agreed": False}
    elif isinstance(event, MeetingHeld | MeetingMissed):
        held = isinstance(event, MeetingHeld)
        changed = {"held": held, "absent": list(event.absent) if held else []}
    elif isinstance(event, OutcomeRecorded):
        changed = {"outcomes": {**document["outcomes"], event.by: event.outcome}}
    return {**document, **changed}


def what_counts(received: Received, event: DomainEvent) -> Iterable[str]:
    """Mark a meeting where an event changes what the ranking reads of it."""
    return (received.id,) if isinstance(event, TELLING) else ()


STANDS = Projection("matching.introductions", (INTRODUCTIONS,), "stands", fold_introduction, marks=own_key)
MEETINGS_SEEN = Projection("matching.meetings", (MEETINGS,), "meetings", fold_meeting, marks=what_counts)
