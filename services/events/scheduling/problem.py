"""The scheduling problem: who meets whom, in which slots, at which tables."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property


class ProblemError(ValueError):
    """A problem that makes no sense. `field` is the path of the wrong value, `rule` what it must satisfy."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which each participant can have one meeting. Numbers run from 1 without holes, in order of time.

    A break never spans two days.
    """

    number: int
    session: int = 1
    day: int = 1


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who meets others; `unavailable` holds slot numbers.

    `most` limits the meetings placed. `rest` is the fewest idle slots between two of their meetings on one day. `table`
    is where their meetings take place; who `stays` cannot move to anybody else's.
    """

    id: str
    unavailable: frozenset[int] = frozenset()
    most: int | None = None
    rest: int = 0
    table: int | None = None
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """An accepted meeting of two participants or more.

    `session` limits it to the slots of one session, `closed` holds slots it cannot take, `fixed` puts it in one slot whatever
    happens. It comes strictly
    later than each placed meeting named in `after`. `must` meetings are placed before all others; `virtual` ones take
    place in virtual rooms only.
    """

    id: str
    participants: tuple[str, ...]
    session: int | None = None
    fixed: int | None = None
    after: tuple[str, ...] = ()
    must: bool = False
    virtual: bool = False
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """What is special about a table: how many people it seats, a virtual room, the slots in which it is closed."""

    number: int
    seats: int | None = None
    virtual: bool = False
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Everything a schedule depends on.

    Tables are numbered from 1 to `tables`; those not in `special` are real ones with seats enough. `fairness` caps the
    difference in breaks between any two participants that have a meeting placed. Raises ProblemError.
    """

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: int
    fairness: int = 2
    special: tuple[Table, ...] = field(default=())

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
        _check_distinct("special", "number", (str(table.number) for table in self.special))
        for index, participant in enumerate(self.participants):
            self._check_participant(f"participants[{index}]", participant)
        for index, meeting in enumerate(self.meetings):
            self._check_meeting(f"meetings[{index}]", meeting)
        for index, table in enumerate(self.special):
            self._check_table(f"special[{index}].number", table.number)
            for number in table.closed:
                self._check_slot(f"special[{index}].closed", number)

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

    @cached_property
    def days(self) -> tuple[tuple[int, ...], ...]:
        """The slot numbers of each day."""
        numbers: dict[int, list[int]] = {}
        for slot in self.slots:
            numbers.setdefault(slot.day, []).append(slot.number)
        return tuple(tuple(day) for day in numbers.values())

    @cached_property
    def people(self) -> dict[str, Participant]:
        """Participants by id."""
        return {participant.id: participant for participant in self.participants}

    def allowed(self, meeting: Meeting) -> tuple[int, ...]:
        """The slots a meeting could take if its participants had no other, whether or not it is fixed."""
        taken = meeting.closed.union(*(self.unavailable[who] for who in meeting.participants))
        return tuple(slot.number for slot in self.slots if slot.number not in taken and meeting.session in (None, slot.session))

    def only(self, meetings: Collection[str]) -> "Problem":
        """The same problem without any other meetings."""
        kept = (one for one in self.meetings if one.id in meetings)
        return replace(
            self, meetings=tuple(replace(one, after=tuple(other for other in one.after if other in meetings)) for one in kept)
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
        if participant.most is not None and participant.most < 0:
            raise ProblemError(f"{field}.most", "must not be negative")
        if participant.rest < 0:
            raise ProblemError(f"{field}.rest", "must not be negative")
        if participant.table is not None:
            self._check_table(f"{field}.table", participant.table)
            if any(table.virtual and table.number == participant.table for table in self.special):
                raise ProblemError(f"{field}.table", "must be a real table, not a virtual room")
        elif participant.stays:
            raise ProblemError(f"{field}.table", "is needed for who stays")

    def _check_meeting(self, field: str, meeting: Meeting) -> None:
        for position, who in enumerate(meeting.participants):
            if who not in self.unavailable:
                raise ProblemError(f"{field}.participants[{position}]", f"there is no participant {who!r}")
        if len(meeting.participants) < 2:
            raise ProblemError(f"{field}.participants", "two participants are needed at least")
        if len(set(meeting.participants)) < len(meeting.participants):
            raise ProblemError(f"{field}.participants", "a participant cannot meet itself")
        if meeting.session is not None and all(slot.session != meeting.session for slot in self.slots):
            raise ProblemError(f"{field}.session", f"no slot belongs to session {meeting.session}")
        for number in (*meeting.closed, *([] if meeting.fixed is None else [meeting.fixed])):
            self._check_slot(f"{field}.{'closed' if number in meeting.closed else 'fixed'}", number)
        for position, earlier in enumerate(meeting.after):
            if earlier not in self._meeting_ids:
                raise ProblemError(f"{field}.after[{position}]", f"there is no meeting {earlier!r}")
            if earlier == meeting.id:
                raise ProblemError(f"{field}.after[{position}]", "a meeting cannot come after itself")

    @cached_property
    def _meeting_ids(self) -> frozenset[str]:
        return frozenset(meeting.id for meeting in self.meetings)


def _check_distinct(field: str, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for position, identifier in enumerate(ids):
        if identifier in seen:
            raise ProblemError(f"{field}[{position}].{key}", f"{identifier!r} occurs twice")
        seen.add(identifier)
