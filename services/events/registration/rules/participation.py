"""The rules of a registration: one member at one brokerage event."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from services.events.brokerage.rules.days import current_day, days_of, local_day
from services.events.brokerage.rules.lifecycle import answers_over, not_closed, not_ended
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from services.events.registration.rules.validation import check_participation, check_unavailable
from services.events.registration.state import Registration
from services.events.rows import Member
from shared.chassis.documents import to_document
from shared.chassis.errors import NotFound, Refusal
from shared.chassis.texts import text
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AvailabilityChanged,
    CheckInUndone,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Participation,
    RequestsExpired,
    Unanswered,
)

Places: TypeAlias = tuple[str, ...] | None
"""The places a registration would take: an empty tuple where the event has no quotas, None where no place is left."""

MAX_UNANSWERED = 5000
"""Requests that one notification can name: far more than any member makes."""


def register(
    state: Registration | None,
    requested: Participation,
    brokerage_event: BrokerageEvent,
    member: Member | None,
    places: Places,
    now: datetime,
    by_manager: bool = False,
) -> Sequence[DomainEvent]:
    """Register a member or put it on standby, or change how it takes part. An equal registration changes nothing.

    `brokerage_event`, `member` (None where it is not known here) and `places` are as they were read for this command. A
    registered member keeps its places, one on standby its turn. Once registration is closed only registered members change
    how they take part, and only a manager registers new ones; when the last slot is over, nobody.
    """
    check_participation(requested, brokerage_event)
    not_closed(brokerage_event)
    _check_open(brokerage_event, by_manager or (state is not None and state.status == "registered"))
    if not is_approved(member):
        raise refused("member-not-approved", "member_id")
    status = state.status if state else "withdrawn"
    if status != "registered":
        not_ended(brokerage_event, now)
    fields = requested.model_dump(include=set(Participation.model_fields))
    fields["unavailable"] = tuple(sorted(requested.unavailable))
    if state and status == "registered":
        return _unless_equal(ParticipantRegistered(**fields, places=state.places, again=True), state)
    if places is None and state and state.since and status == "standby":
        return _unless_equal(ParticipantPutOnStandby(**fields, since=state.since, again=True), state)
    if places is None:
        return [ParticipantPutOnStandby(**fields, since=now)]
    return [ParticipantRegistered(**fields, places=places)]


def comes_after(kind: str, waiting: Collection[str], full: Collection[str], limited: bool) -> bool:
    """Whether a newcomer of a kind comes after the `waiting` members, given by their kinds.

    Members waiting for the same quota come first, and where all places together are `limited`, all that wait for one of
    those; members waiting only because the quota of their own kind is `full` hold up no other kind.
    """
    return kind in waiting or (limited and bool(set(waiting) - set(full)))


def promote(
    state: Registration | None, places: tuple[str, ...], brokerage_event: BrokerageEvent, member: Member | None
) -> Sequence[DomainEvent]:
    """Give free places to a registration on standby. Nothing changes for others, nor for a member that is no longer approved.

    Raises NotFound where there is no registration.
    """
    registration = _existing(state)
    if registration.status != "standby" or brokerage_event.status == "closed" or not is_approved(member):
        return []
    return [ParticipantRegistered(**_participation(registration), places=places)]


def withdraw(state: Registration | None, brokerage_event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Withdraw a registration. A repetition changes nothing. Raises NotFound where there is none."""
    registration = _existing(state)
    if registration.status == "withdrawn":
        return []
    not_closed(brokerage_event)
    return [ParticipantWithdrew(event_id=registration.event_id, member_id=registration.member_id)]


def check_in(state: Registration | None, brokerage_event: BrokerageEvent, now: datetime) -> Sequence[DomainEvent]:
    """Check a registered participant in for the current day of the event. A repetition on that day changes nothing.

    Before its first day nobody is checked in, unless the event was started: it then counts for that day. Raises NotFound
    where there is no such participant.
    """
    registration = _registered(state)
    day = current_day(brokerage_event, now)
    if day in days_checked_in(registration, brokerage_event):
        return []
    not_closed(brokerage_event)
    if local_day(brokerage_event, now) < day and brokerage_event.status != "running":
        raise Refusal("event-not-begun", day=day)
    return [ParticipantCheckedIn(event_id=registration.event_id, member_id=registration.member_id, day=day)]


def undo_check_in(state: Registration | None, brokerage_event: BrokerageEvent, now: datetime) -> Sequence[DomainEvent]:
    """Undo today's check-in of a participant; without one nothing changes. Raises NotFound where there is no such participant."""
    registration = _registered(state)
    day = current_day(brokerage_event, now)
    if day not in days_checked_in(registration, brokerage_event):
        return []
    not_closed(brokerage_event)
    return [CheckInUndone(event_id=registration.event_id, member_id=registration.member_id, day=day)]


def days_checked_in(registration: Registration, brokerage_event: BrokerageEvent) -> tuple[str, ...]:
    """The days of the event on which a participant was checked in; a check-in without a day is of the first."""
    if not registration.checked_in:
        return ()
    return registration.checked_in_on or tuple(days_of(brokerage_event)[:1])


def change_availability(
    state: Registration | None, unavailable: Sequence[int], brokerage_event: BrokerageEvent
) -> Sequence[DomainEvent]:
    """Say in which slots a participant cannot meet anybody, also after registration was closed. The same slots change nothing."""
    registration = _registered(state)
    not_closed(brokerage_event)
    check_unavailable(unavailable, len(brokerage_event.slots))
    slots = tuple(sorted(unavailable))
    if slots == registration.unavailable:
        return []
    return [AvailabilityChanged(event_id=registration.event_id, member_id=registration.member_id, unavailable=slots)]


def expire_requests(
    state: Registration | None, unanswered: Sequence[Unanswered], brokerage_event: BrokerageEvent, now: datetime
) -> Sequence[DomainEvent]:
    """Notify a participant, once per deadline, of its requests that were not accepted in time."""
    registration = _existing(state)
    named = tuple(unanswered[:MAX_UNANSWERED])
    over = answers_over(brokerage_event, now)
    if registration.status != "registered" or _was_notified(registration, brokerage_event) or not named or not over:
        return []
    until = brokerage_event.requests_until
    return [
        RequestsExpired(event_id=registration.event_id, member_id=registration.member_id, unanswered=named, until=until),
    ]


def is_approved(member: Member | None) -> bool:
    """Whether it is known here as a member: neither an applicant nor a former one."""
    return member is not None and member.status == "approved"


def _was_notified(registration: Registration, brokerage_event: BrokerageEvent) -> bool:
    """Whether it was notified of this deadline, or of the end of the event."""
    return registration.requests_expired and registration.expired_until in (None, brokerage_event.requests_until)


def _check_open(brokerage_event: BrokerageEvent, after_closing: bool) -> None:
    """Raise Refusal before registration was opened, and after it was closed unless `after_closing`."""
    if brokerage_event.status == "registration-open":
        return
    if brokerage_event.status not in ("registration-closed", "running"):
        raise Refusal("registration-not-open", message=text("registration-not-yet-open"))
    if not after_closing:
        raise Refusal("registration-not-open", message=text("registration-closed"))


def _existing(state: Registration | None) -> Registration:
    if state is None:
        raise NotFound("not-registered")
    return state


def _registered(state: Registration | None) -> Registration:
    if state is None or state.status != "registered":
        raise NotFound("not-registered")
    return state


def _unless_equal(event: ParticipantRegistered | ParticipantPutOnStandby, state: Registration) -> Sequence[DomainEvent]:
    own = {"places": state.places} if isinstance(event, ParticipantRegistered) else {"since": state.since}
    return [] if type(event).model_validate({**_participation(state), **own, "again": True}) == event else [event]


def _participation(state: Registration) -> dict[str, Any]:
    """Write how a member takes part as domain events have it."""
    document = to_document(state)
    return {name: document[name] for name in Participation.model_fields}
