"""The scheduling problem: who meets whom, in which slots, at how many tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


class ProblemError(ValueError):
    """A problem that makes no sense. `field` is the path of the wrong value, `rule` what it must satisfy."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which each participant can have one meeting. Numbers run from 1 without holes, in order of time."""

    number: int
    session: int = 1


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who meets others; `unavailable` holds slot numbers."""

    id: str
    unavailable: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Meeting:
    """An accepted meeting of two participants.

    `session` limits it to the slots of one session, `fixed` puts it in one slot whatever happens. It comes strictly
    later than each placed meeting named in `after`.
    """

    id: str
    participants: tuple[str, str]
    session: int | None = None
    fixed: int | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Everything a schedule depends on.

    `fairness` caps the difference in breaks between any two participants that have a meeting placed.
    Raises ProblemError.
    """

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: int
    fairness: int = 2

    def __post_init__(self) -> None:
        if not self.slots:
            raise ProblemError("slots", "at least one slot is needed")
        for position, slot in enumerate(self.slots, start=1):
            if slot.number != position:
                raise ProblemError(f"slots[{position - 1}].number", f"must be {position}: slots are numbered from 1")
        if self.tables < 1:
            raise ProblemError("tables", "at least one table is needed")
        if self.fairness < 0:
            raise ProblemError("fairness", "must not be negative")
        _check_distinct("participants", (participant.id for participant in self.participants))
        _check_distinct("meetings", (meeting.id for meeting in self.meetings))
        for index, participant in enumerate(self.participants):
            for number in participant.unavailable:
                self._check_slot(f"participants[{index}].unavailable", number)
        for index, meeting in enumerate(self.meetings):
            self._check_meeting(f"meetings[{index}]", meeting)

    @cached_property
    def unavailable(self) -> dict[str, frozenset[int]]:
        """The slots each participant cannot meet in."""
        return {participant.id: participant.unavailable for participant in self.participants}

    @cached_property
    def meetings_of(self) -> dict[str, tuple[Meeting, ...]]:
        """The meetings of each participant, in the order given."""
        found: dict[str, list[Meeting]] = {participant.id: [] for participant in self.participants}
        for meeting in self.meetings:
            for who in meeting.participants:
                found[who].append(meeting)
        return {who: tuple(meetings) for who, meetings in found.items()}

    def allowed(self, meeting: Meeting) -> tuple[int, ...]:
        """The slots a meeting could take if it were alone, whether or not it is fixed."""
        taken = self.unavailable[meeting.participants[0]] | self.unavailable[meeting.participants[1]]
        return tuple(slot.number for slot in self.slots if slot.number not in taken and meeting.session in (None, slot.session))

    def _check_slot(self, field: str, number: int) -> None:
        if not 1 <= number <= len(self.slots):
            raise ProblemError(field, f"there is no slot {number}: slots run from 1 to {len(self.slots)}")

    def _check_meeting(self, field: str, meeting: Meeting) -> None:
        first, second = meeting.participants
        for position, who in enumerate(meeting.participants):
            if who not in self.unavailable:
                raise ProblemError(f"{field}.participants[{position}]", f"there is no participant {who!r}")
        if first == second:
            raise ProblemError(f"{field}.participants", "a participant cannot meet itself")
        if meeting.session is not None and all(slot.session != meeting.session for slot in self.slots):
            raise ProblemError(f"{field}.session", f"no slot belongs to session {meeting.session}")
        if meeting.fixed is not None:
            self._check_slot(f"{field}.fixed", meeting.fixed)
        for position, earlier in enumerate(meeting.after):
            if earlier not in self._meeting_ids:
                raise ProblemError(f"{field}.after[{position}]", f"there is no meeting {earlier!r}")
            if earlier == meeting.id:
                raise ProblemError(f"{field}.after[{position}]", "a meeting cannot come after itself")

    @cached_property
    def _meeting_ids(self) -> frozenset[str]:
        return frozenset(meeting.id for meeting in self.meetings)


def _check_distinct(field: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for position, identifier in enumerate(ids):
        if identifier in seen:
            raise ProblemError(f"{field}[{position}].id", f"{identifier!r} occurs twice")
        seen.add(identifier)
