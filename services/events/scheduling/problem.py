"""The scheduling problem: who meets whom, in which slots, at which tables."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property


class ProblemError(ValueError):
    """An inconsistent problem. `field` is the path of the wrong value, `rule` what it must satisfy."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which each participant can have one meeting.

    Slots are numbered from 1 without holes, in order of time. A break never spans two days.
    """

    number: int
    session: int = 1
    day: int = 1


@dataclass(frozen=True, slots=True)
class Participant:
    """A person in meetings. `unavailable` holds slot numbers.

    `max_meetings` limits the meetings placed. `min_gap` is the fewest idle slots between two meetings of one day. Meetings take
    place at the participant's `own_table`; a `stationary` participant cannot move to another participant's table.
    """

    id: str
    unavailable: frozenset[int] = frozenset()
    max_meetings: int | None = None
    min_gap: int = 0
    own_table: int | None = None
    stationary: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """An accepted meeting of two participants or more.

    `session` limits it to the slots of one session, `closed_slots` are excluded, `fixed_slot` is the only slot possible and must be
    used. It takes place strictly later than each placed meeting in `predecessors`. `mandatory` meetings are placed before all
    others; `virtual` ones take place in virtual rooms only.
    """

    id: str
    participants: tuple[str, ...]
    session: int | None = None
    fixed_slot: int | None = None
    predecessors: tuple[str, ...] = ()
    mandatory: bool = False
    virtual: bool = False
    closed_slots: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A table that differs from the others: its number of seats, a virtual room, or slots in which it is closed."""

    number: int
    seats: int | None = None
    virtual: bool = False
    closed_slots: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Everything a schedule depends on. Raises ProblemError.

    Tables are numbered from 1 to `tables`; those not in `special_tables` are real ones with seats for any meeting. `fairness` is
    the largest difference in breaks between any two participants with a placed meeting.
    """

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: int
    fairness: int = 2
    special_tables: tuple[Table, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.slots:
            raise ProblemError("slots", "at least one slot is needed")
        for position, slot in enumerate(self.slots, start=1):
            if slot.number != position:
                raise ProblemError(f"slots[{position - 1}].number", f"must be {position}: slots are numbered from 1")
            if position > 1 and slot.day < self.slots[position - 2].day:
                raise ProblemError(f"slots[{position - 1}].day", "must not be before the day of the slot before")
        if self.tables < 1:
            raise ProblemError("tables", "at least one table is needed")
        if self.fairness < 0:
            raise ProblemError("fairness", "must not be negative")
        _check_distinct("participants", "id", (participant.id for participant in self.participants))
        _check_distinct("meetings", "id", (meeting.id for meeting in self.meetings))
        _check_distinct("special_tables", "number", (str(table.number) for table in self.special_tables))
        for index, participant in enumerate(self.participants):
            self._check_participant(f"participants[{index}]", participant)
        for index, meeting in enumerate(self.meetings):
            self._check_meeting(f"meetings[{index}]", meeting)
        for index, table in enumerate(self.special_tables):
            self._check_table(f"special_tables[{index}].number", table.number)
            for number in table.closed_slots:
                self._check_slot(f"special_tables[{index}].closed_slots", number)

    @cached_property
    def unavailable(self) -> dict[str, frozenset[int]]:
        """The slots each participant cannot meet in."""
        return {participant.id: participant.unavailable for participant in self.participants}

    @cached_property
    def meetings_of(self) -> dict[str, tuple[Meeting, ...]]:
        """The meetings of each participant, in the order given."""
        meetings: dict[str, list[Meeting]] = {participant.id: [] for participant in self.participants}
        for meeting in self.meetings:
            for participant_id in meeting.participants:
                meetings[participant_id].append(meeting)
        return {participant_id: tuple(attended) for participant_id, attended in meetings.items()}

    @cached_property
    def days(self) -> tuple[tuple[int, ...], ...]:
        """The slot numbers of each day."""
        numbers: dict[int, list[int]] = {}
        for slot in self.slots:
            numbers.setdefault(slot.day, []).append(slot.number)
        return tuple(tuple(day) for day in numbers.values())

    @cached_property
    def participant_by_id(self) -> dict[str, Participant]:
        return {participant.id: participant for participant in self.participants}

    def available_slots(self, meeting: Meeting) -> tuple[int, ...]:
        """The slots a meeting could take if its participants had no other, whether or not it has a fixed one."""
        excluded = meeting.closed_slots.union(*(self.unavailable[participant_id] for participant_id in meeting.participants))
        return tuple(slot.number for slot in self.slots if slot.number not in excluded and meeting.session in (None, slot.session))

    def restricted_to(self, meetings: Collection[str]) -> "Problem":
        """The same problem without any other meetings."""
        remaining = (meeting for meeting in self.meetings if meeting.id in meetings)
        return replace(
            self,
            meetings=tuple(
                replace(meeting, predecessors=tuple(earlier for earlier in meeting.predecessors if earlier in meetings))
                for meeting in remaining
            ),
        )

    def _check_slot(self, field: str, number: int) -> None:
        if not 1 <= number <= len(self.slots):
            raise ProblemError(field, f"there is no slot {number}: slots run from 1 to {len(self.slots)}")

    def _check_table(self, field: str, number: int) -> None:
        if not 1 <= number <= self.tables:
            raise ProblemError(field, f"there is no table {number}: tables run from 1 to {self.tables}")

    def _check_participant(self, field: str, participant: Participant) -> None:
        for number in participant.unavailable:
            self._check_slot(f"{field}.unavailable", number)
        if participant.max_meetings is not None and participant.max_meetings < 0:
            raise ProblemError(f"{field}.max_meetings", "must not be negative")
        if participant.min_gap < 0:
            raise ProblemError(f"{field}.min_gap", "must not be negative")
        if participant.own_table is not None:
            self._check_table(f"{field}.own_table", participant.own_table)
            if any(table.virtual and table.number == participant.own_table for table in self.special_tables):
                raise ProblemError(f"{field}.own_table", "must be a real table, not a virtual room")
        elif participant.stationary:
            raise ProblemError(f"{field}.own_table", "is needed for a stationary participant")

    def _check_meeting(self, field: str, meeting: Meeting) -> None:
        for position, participant_id in enumerate(meeting.participants):
            if participant_id not in self.unavailable:
                raise ProblemError(f"{field}.participants[{position}]", f"there is no participant {participant_id!r}")
        if len(meeting.participants) < 2:
            raise ProblemError(f"{field}.participants", "two participants are needed at least")
        if len(set(meeting.participants)) < len(meeting.participants):
            raise ProblemError(f"{field}.participants", "a participant cannot meet itself")
        if meeting.session is not None and all(slot.session != meeting.session for slot in self.slots):
            raise ProblemError(f"{field}.session", f"no slot belongs to session {meeting.session}")
        for number in meeting.closed_slots:
            self._check_slot(f"{field}.closed_slots", number)
        if meeting.fixed_slot is not None:
            self._check_slot(f"{field}.fixed_slot", meeting.fixed_slot)
        for position, earlier in enumerate(meeting.predecessors):
            if earlier not in self._meeting_ids:
                raise ProblemError(f"{field}.predecessors[{position}]", f"there is no meeting {earlier!r}")
            if earlier == meeting.id:
                raise ProblemError(f"{field}.predecessors[{position}]", "a meeting cannot come after itself")

    @cached_property
    def _meeting_ids(self) -> frozenset[str]:
        return frozenset(meeting.id for meeting in self.meetings)


def _check_distinct(field: str, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for position, identifier in enumerate(ids):
        if identifier in seen:
            raise ProblemError(f"{field}[{position}].{key}", f"{identifier!r} occurs twice")
        seen.add(identifier)
