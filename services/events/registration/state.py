"""The state of a registration, one member at one brokerage event, and how domain events evolve it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.chassis.documents import parse
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AvailabilityChanged,
    CheckInUndone,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    RequestsExpired,
)

Status = Literal["registered", "standby", "withdrawn"]
Attendance = Literal["on-site", "virtual"]
Wish = Literal["must", "meet", "no-thanks"]


@dataclass(frozen=True, slots=True)
class Representative:
    """One of those who speak for a member."""

    id: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Preference:
    """Whom a participant must meet, would meet, or does not want to meet."""

    member_id: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class Registration:
    """How a member takes part. `since` is when it joined the waiting list.

    `calendar_sequence` counts withdrawals, and changes of status after one: calendars need a number that only grows.
    """

    event_id: str
    member_id: str
    unavailable: tuple[int, ...]
    representatives: tuple[Representative, ...]
    attends: Attendance
    languages: tuple[str, ...]
    most_meetings: int | None
    min_break: int
    preferences: tuple[Preference, ...]
    fixed_table: bool
    status: Status
    places: tuple[str, ...] = ()
    since: datetime | None = None
    checked_in: bool = False
    checked_in_on: tuple[str, ...] = ()
    requests_expired: bool = False
    expired_until: datetime | None = None
    calendar_sequence: int = 0


def evolve(state: Registration | None, event: DomainEvent) -> Registration:
    """Fold a domain event of a registration."""
    match event:
        case ParticipantRegistered():
            return _participating(state, event, "registered")
        case ParticipantPutOnStandby():
            return replace(_participating(state, event, "standby"), checked_in=False, checked_in_on=())
    assert state is not None, "a registration begins with registering"
    match event:
        case ParticipantCheckedIn(day=day):
            added = (day,) if day else ()
            return replace(state, checked_in=True, checked_in_on=tuple(sorted((*state.checked_in_on, *added))))
        case CheckInUndone(day=day):
            days = tuple(checked_in for checked_in in state.checked_in_on if checked_in != day)
            return replace(state, checked_in=bool(days), checked_in_on=days)
        case RequestsExpired(until=until):
            return replace(state, requests_expired=True, expired_until=until)
        case AvailabilityChanged(unavailable=unavailable):
            return replace(state, unavailable=unavailable)
        case ParticipantWithdrew():
            return replace(
                state,
                status="withdrawn",
                places=(),
                since=None,
                checked_in=False,
                checked_in_on=(),
                calendar_sequence=state.calendar_sequence + 1,
            )
    raise TypeError(f"{event.TYPE} is no event of a registration")


def claims(_id: str, state: Registration) -> Iterable[str]:
    """Claim the places of a registration, so that nobody else has them."""
    return (place_claim(state.event_id, place) for place in state.places)


def place_claim(event_id: str, place: str) -> str:
    """Name the claim on a place of an event; places begin with what they are counted for, such as `all:`."""
    return f"{event_id}:place:{place}"


def _participating(
    state: Registration | None, event: ParticipantRegistered | ParticipantPutOnStandby, status: Status
) -> Registration:
    fresh = parse(Registration, event.model_dump() | {"status": status})
    if state is None:
        return fresh
    returned = state.calendar_sequence > 0 and state.status != status
    return replace(
        fresh,
        checked_in=state.checked_in,
        checked_in_on=state.checked_in_on,
        requests_expired=state.requests_expired,
        expired_until=state.expired_until,
        calendar_sequence=state.calendar_sequence + returned,
    )
