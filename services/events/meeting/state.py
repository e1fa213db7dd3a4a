"""A meeting, and how its domain events evolve it: the request, its answers, the appointment, attendance and outcomes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from services.events.brokerage.rules.place_claims import place_claims
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    FeedbackGiven,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingHeld,
    MeetingJoined,
    MeetingMissed,
    MeetingRequested,
    OutcomeKind,
    OutcomeRecorded,
)
from shared.contracts.matching import Mode

Status = Literal["requested", "accepted", "declined", "expired", "cancelled"]


@dataclass(frozen=True)
class Appointment:
    """The place of a meeting outside the agenda, and who sits there, in the order of its sides.

    `override_availability` names the sides that come although they are not available in the slot; None where that was not checked.
    """

    slot: int
    table: int
    people: tuple[str, ...]
    override_availability: tuple[str, ...] | None


@dataclass(frozen=True)
class Proposal:
    """A place that some sides (`by`) propose for an accepted meeting."""

    slot: int
    table: int | None
    by: tuple[str, ...]


@dataclass(frozen=True)
class Attendance:
    """Whether a meeting was held, according to a side or, where `by` is None, a manager; `absent` in the order of ids."""

    held: bool
    by: str | None
    absent: tuple[str, ...]

    @classmethod
    def from_event(cls, event: MeetingHeld | MeetingMissed) -> "Attendance":
        """Make it of what was recorded."""
        return cls(isinstance(event, MeetingHeld), event.by, tuple(sorted(event.absent)))

    def includes(self, side: str) -> bool:
        """Whether a side was in the meeting, and it was held."""
        return self.held and side not in self.absent


@dataclass(frozen=True)
class Outcome:
    """What came of a meeting for one side; `value` is in whole euros, `on` the day it was agreed."""

    by: str
    outcome: OutcomeKind
    value: int | None
    on: str | None

    @classmethod
    def from_event(cls, event: OutcomeRecorded) -> "Outcome":
        """Make it of what was recorded."""
        return cls(event.by, event.outcome, event.value, event.on)


@dataclass(frozen=True)
class Feedback:
    """How good a meeting was to one side, from 1 to 5."""

    by: str
    rating: int
    text: str | None

    @classmethod
    def from_event(cls, event: FeedbackGiven) -> "Feedback":
        """Make it of what was given."""
        return cls(event.by, event.rating, event.text)


@dataclass(frozen=True)
class Meeting:
    """`by` asked `towards`, and the `others` of a group, whatever happened since.

    `people` are the representatives that were named for it. `calendar_sequence` counts how often it got an appointment or lost
    one, was cancelled, and accepted again: the SEQUENCE of its calendar entry grows with it.
    """

    event_id: str
    mode: Mode
    by: str
    towards: str
    introduction_id: str | None
    others: tuple[str, ...]
    slot: int | None
    table: int | None
    people: tuple[str, ...]
    status: Status = "requested"
    accepted: tuple[str, ...] = ()
    appointment: Appointment | None = None
    proposal: Proposal | None = None
    last_appointment: Appointment | None = None
    calendar_sequence: int = 0
    reason: str | None = None
    attendance: Attendance | None = None
    outcomes: tuple[Outcome, ...] = ()
    feedback: tuple[Feedback, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """Everybody in the meeting, who requested it first."""
        return (self.by, *self.invited)

    @property
    def invited(self) -> tuple[str, ...]:
        """Everybody who was asked."""
        return (self.towards, *self.others)

    def attended(self, side: str) -> bool:
        """Whether a side was in the meeting, which was held, by the statement that counts: only then its outcome counts."""
        return self.attendance is not None and self.attendance.includes(side)

    def proposers(self, slot: int, table: int | None) -> tuple[str, ...]:
        """Name the sides that propose the same: the same slot, and no other table."""
        proposal = self.proposal
        if proposal is None or proposal.slot != slot:
            return ()
        return proposal.by if proposal.table is None or table in (None, proposal.table) else ()

    def proposed_table(self, slot: int, table: int | None) -> int | None:
        """Return the table the meeting would have: the one asked for, else the one others propose for the slot, else any."""
        proposal = self.proposal
        return proposal.table if table is None and proposal is not None and proposal.slot == slot else table

    def represented_by(self, side: str, person: str | None) -> tuple[str, ...]:
        """Name the representatives the meeting is for, with the `person` that a side sends instead of its own."""
        if person is None:
            return self.people
        return (*(before for before in self.people if before.rpartition(":")[0] != side), person)

    def sides_among(self, members: Collection[str]) -> tuple[str, ...]:
        """Name those sides that are among the `members`."""
        return tuple(side for side in self.sides if side in members)

    @classmethod
    def requested(cls, event: MeetingRequested, before: "Meeting | None") -> "Meeting":
        """Make it of a request. What calendars show of the meeting `before` is kept, for them to take back."""
        return cls(
            event_id=event.event_id,
            mode=event.mode,
            by=event.by,
            towards=event.towards,
            introduction_id=event.introduction_id,
            others=event.others,
            slot=event.slot,
            table=event.table,
            people=event.people,
            last_appointment=before.last_appointment if before else None,
            calendar_sequence=before.calendar_sequence if before else 0,
        )

    def evolve(self, event: DomainEvent) -> "Meeting":
        """Fold a domain event that comes after the request."""
        match event:
            case MeetingJoined():
                return self._joined(event.by, event.person)
            case MeetingAccepted():
                # One that no calendar has shown yet stays at 0.
                sequence = self.calendar_sequence + (self.calendar_sequence > 0)
                return replace(self._joined(event.by, event.person), status="accepted", calendar_sequence=sequence)
            case MeetingDeclined():
                return self._ended("declined", event.reason)
            case MeetingCancelled():
                return self._ended("cancelled", event.reason)
            case MeetingExpired():
                return replace(self, status="expired")
            case AppointmentProposed():
                proposers = tuple(side for side in self.proposers(event.slot, event.table) if side != event.by)
                table = self.proposed_table(event.slot, event.table)
                return replace(self, proposal=Proposal(event.slot, table, (*proposers, event.by)))
            case AppointmentMade():
                made = Appointment(event.slot, event.table, event.people, event.anyway)
                return replace(self._placed(made), last_appointment=made)
            case AppointmentDropped():
                return self._placed(None)
            case MeetingHeld() | MeetingMissed():
                return replace(self, attendance=Attendance.from_event(event))
            case OutcomeRecorded():
                outcomes = [outcome for outcome in self.outcomes if outcome.by != event.by]
                return replace(self, outcomes=_by_side([*outcomes, Outcome.from_event(event)]))
            case FeedbackGiven():
                feedback = [entry for entry in self.feedback if entry.by != event.by]
                return replace(self, feedback=_by_side([*feedback, Feedback.from_event(event)]))
            case _:
                raise AssertionError(f"no event of a meeting: {event!r}")

    def _joined(self, by: str, person: str | None) -> "Meeting":
        return replace(self, accepted=(*self.accepted, by), people=self.represented_by(by, person))

    def _placed(self, appointment: Appointment | None) -> "Meeting":
        return replace(self, appointment=appointment, proposal=None, calendar_sequence=self.calendar_sequence + 1)

    def _ended(self, status: Status, reason: str) -> "Meeting":
        sequence = self.calendar_sequence + (self.status == "accepted")
        return replace(self, status=status, reason=reason, appointment=None, proposal=None, calendar_sequence=sequence)


Entry = TypeVar("Entry", Outcome, Feedback)


def _by_side(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.by))


def evolve(state: Meeting | None, event: DomainEvent) -> Meeting:
    """Fold a domain event of a meeting: a request begins it, or begins it again."""
    if isinstance(event, MeetingRequested):
        return Meeting.requested(event, state)
    assert state is not None, "a meeting begins with a request"
    return state.evolve(event)


def claims(_id: str, state: Meeting) -> Iterable[str]:
    """Claim the people and the table of an appointment in its slot, just as an agenda does."""
    appointment = state.appointment
    if appointment is None:
        return ()
    return place_claims(state.event_id, appointment.slot, appointment.table, appointment.people)
