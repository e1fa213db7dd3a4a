"""Interactions of members: projections of introductions and of meetings.

Each aggregate has a row of its own and is marked dirty by its own id, so that the order of topics does not matter; the
ranking process looks up the members concerned.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.projections.projection import Projection, own_key
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeKind,
    OutcomeRecorded,
)
from shared.contracts.matching import (
    DeclineCode,
    DeclineWithdrawn,
    InterestDeclined,
    InterestExpressed,
    InterestWithdrawn,
    IntroductionMade,
)

NO_LONGER_AGREED = (MeetingDeclined, MeetingExpired, MeetingCancelled)
RANKED = (MeetingAccepted, *NO_LONGER_AGREED, MeetingHeld, MeetingMissed, OutcomeRecorded)
"""Events of a meeting that change a ranking; a request alone does not."""


@dataclass(frozen=True)
class IntroductionRow:
    """Who declined, by member with the code, and whether the two were introduced."""

    members: tuple[str, ...]
    declined: dict[str, DeclineCode]
    introduced: bool


@dataclass(frozen=True)
class MeetingRow:
    """A meeting. `held` is None while nobody recorded attendance; `absent` are those who missed one that was held."""

    event_id: str
    members: tuple[str, ...]
    agreed: bool
    held: bool | None
    outcomes: dict[str, OutcomeKind]
    absent: tuple[str, ...] = ()


def fold_introduction(_id: str, row: IntroductionRow | None, _received: Received, event: DomainEvent) -> IntroductionRow | None:
    """Fold an introduction. Whatever else a side states replaces its decline."""
    if isinstance(event, IntroductionMade):
        assert row is not None, "an introduction follows two interests"
        return replace(row, introduced=True)
    if not isinstance(event, InterestExpressed | InterestDeclined | InterestWithdrawn | DeclineWithdrawn):
        return row
    before = row or IntroductionRow(tuple(sorted((event.by, event.towards))), {}, introduced=False)
    declined = {by: code for by, code in before.declined.items() if by != event.by}
    if isinstance(event, InterestDeclined):
        declined[event.by] = event.code or "other"
    return replace(before, declined=declined)


def fold_meeting(_id: str, row: MeetingRow | None, _received: Received, event: DomainEvent) -> MeetingRow:
    """Fold a meeting: its members, whether it is agreed and held, and its outcomes."""
    if isinstance(event, MeetingRequested):
        members = (event.by, event.towards, *event.others)
        return MeetingRow(event.event_id, members, agreed=False, held=None, outcomes={})
    assert row is not None, "a meeting begins with a request"
    if isinstance(event, MeetingAccepted):
        return replace(row, agreed=True)
    if isinstance(event, NO_LONGER_AGREED):
        return replace(row, agreed=False)
    if isinstance(event, MeetingHeld):
        return replace(row, held=True, absent=event.absent)
    if isinstance(event, MeetingMissed):
        return replace(row, held=False, absent=())
    if isinstance(event, OutcomeRecorded):
        return replace(row, outcomes={**row.outcomes, event.by: event.outcome})
    return row


def changed_meetings(received: Received, event: DomainEvent) -> Iterable[str]:
    """Mark a meeting dirty where an event changes a ranking."""
    return (received.id,) if isinstance(event, RANKED) else ()


INTRODUCTIONS = Projection(
    "matching.introductions", (topics.INTRODUCTIONS,), "stands", fold_introduction, marks=own_key, row=IntroductionRow
)
MEETINGS = Projection("matching.meetings", (topics.MEETINGS,), "meetings", fold_meeting, marks=changed_meetings, row=MeetingRow)
INTERACTION_INDEXES: dict[str, list[Index]] = {
    INTRODUCTIONS.collection: [([("members", ASCENDING)], {})],
    MEETINGS.collection: [([("members", ASCENDING)], {}), ([("event_id", ASCENDING)], {})],
}
