"""From accepted meetings to a scheduling problem, and from its solution to an agenda. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from services.events.agenda.rules.table_ownership import is_virtual, own_tables, special_tables, table_use, unmet_needs
from services.events.agenda.state import Agenda, Placement
from services.events.brokerage.rules.days import days_of, local_day
from services.events.brokerage.state import BrokerageEvent
from services.events.computation.protocol import (
    Meeting,
    MeetingPlacement,
    Participant,
    PublishedSchedule,
    Slot,
    SolvedSchedule,
    SolverTask,
    Table,
)
from services.events.computation.scheduling_input import Gathered
from services.events.computation.texts import did_not_come, name_of, no_table, short, short_reason, withdrew
from services.events.meeting.queries import as_placement
from services.events.meeting.rules.representatives import member_of, people_of, shared_out, shares
from services.events.meeting.state import sides
from shared.contracts import events as contracts
from shared.contracts.base import LocalizedText


class SearchOptions(NamedTuple):
    """The time limit in seconds, and the objectives beyond breaks."""

    time_limit: float
    minimise_gaps: bool = False


class ProblemBuilder:
    """Builds the scheduling problem of an event: every accepted meeting of present members, without appointments.

    Slots before `next_slot` have begun. `newest` is the agenda published last, which a new one changes as little as it can. A
    `repair` changes nothing else: meetings before `next_slot` stay, whoever is absent. Absent are members that withdrew, and
    no-shows of the last day; a no-show of an earlier day is expected on the next.
    """

    def __init__(
        self,
        gathered: Gathered,
        names: Mapping[str, str],
        newest: Agenda | None = None,
        next_slot: int = 1,
        repair: bool = False,
    ) -> None:
        self._gathered = gathered
        self._names = names
        self._newest = newest
        self._next_slot = next_slot
        self._repair = repair
        self._event = gathered.event.state
        self._members = {registration.state.member_id: registration.state for registration in gathered.registrations}
        registered = {member for member, state in self._members.items() if state.status == "registered"}
        self._away = {member: slots for member, slots in gathered.away.items() if member in registered}
        self._present = registered - {member for member, slots in self._away.items() if len(self._event.slots) in slots}
        self._appointments = [as_placement(meeting) for meeting in gathered.meetings if meeting["state"]["appointment"] is not None]
        self._sides = {
            meeting["_id"]: sides(meeting["state"]) for meeting in gathered.meetings if meeting["state"]["appointment"] is None
        }
        self._absent = {id: [side for side in members if side not in self._present] for id, members in self._sides.items()}
        placements = newest.placements if newest else ()
        # A meeting that got an appointment after it was placed is an appointment from then on.
        begun = {placement.meeting_id for placement in placements if placement.slot < next_slot} & self._sides.keys()
        meetings = [meeting for meeting in gathered.meetings if meeting["_id"] in begun or self._absent.get(meeting["_id"]) == []]
        people = {member: people_of(state) for member, state in self._members.items()}
        seated = {placement.meeting_id: placement.people for placement in placements}
        self._people = shared_out(meetings, people, seated, begun)
        self._most = self._limits(people)
        present = {member: self._members[member] for member in self._present}
        published = newest.own_table_of() if newest else {}
        self._own = own_tables(self._event, present, published, table_use([*placements, *self._appointments]))
        self._unmet = unmet_needs(self._event, present, self._own)

    def task(self, options: SearchOptions) -> SolverTask:
        """Write the problem."""
        busy = sorted({person for people in self._people.values() for person in people})
        return SolverTask(
            participants=tuple(self._participant(person) for person in busy),
            meetings=tuple(self._meeting(id, people) for id, people in sorted(self._people.items())),
            slots=self._slots,
            tables=self._event.tables,
            fairness=self._event.fairness,
            time_limit=options.time_limit,
            names={person: self._label(person) for person in busy},
            special_tables=self._special(),
            published=self._published(),
            repair=self._repair,
            minimise_gaps=options.minimise_gaps,
        )

    def digest(self) -> str:
        """Name the exact input of an agenda by all that decides it: 32 hexadecimal digits of a SHA-256."""
        excluded = {"time_limit", "names", "published", "repair", "minimise_gaps"}
        task = self.task(SearchOptions(0)).model_dump(exclude=excluded)
        parts = [task, sorted((id, absent) for id, absent in self._absent.items() if absent)]
        if speakers := self._speakers():
            parts.append(speakers)
        return hashlib.sha256(json.dumps(parts, default=sorted).encode()).hexdigest()[:32]

    def _speakers(self) -> list[str]:
        """Name who may speak for those who meet: whoever sits in the agenda need not be whom a first one would choose."""
        meeting = {member for id in self._people for member in self._sides[id] if self._members[member].representatives}
        return sorted(person for member in meeting for person in people_of(self._members[member]))

    def written(self, answer: SolvedSchedule, input: str) -> contracts.AgendaPublished:
        """Write the agenda from the solver's answer. Meetings of absent members are unplaced in it."""
        left_out = {unplaced.meeting_id: short_reason(unplaced.it, unplaced.en) for unplaced in answer.unplaced}
        placed = {placement.meeting_id for placement in answer.placements}
        missing = {id: [*filter(self._is_missing, members)] for id, members in self._sides.items() if id not in placed}
        left_out |= {id: self._why_missing(members[0]) for id, members in missing.items() if members}
        return contracts.AgendaPublished(
            event_id=self._gathered.event.id,
            placements=tuple(self._placement(placement) for placement in answer.placements),
            unplaced=tuple(
                contracts.Unplaced(meeting_id=id, members=_two(self._sides[id]), others=self._sides[id][2:], reason=reason)
                for id, reason in left_out.items()
            ),
            status=answer.status,
            breaks=answer.breaks,
            bound=answer.bound,
            input=input,
            repaired=self._repair,
            own_tables=tuple(
                contracts.OwnTable(member_id=member, table=number)
                for member, number in sorted(self._own.items())
                if self._members[member].fixed_table
            ),
            unmet=tuple(contracts.Unmet(member_id=member, reason=no_table(name_of(self._names, member))) for member in self._unmet),
            appointments=appointments_of(self._gathered, self._next_slot),
        )

    def _placement(self, placement: MeetingPlacement) -> contracts.Placement:
        members, people = self._sides[placement.meeting_id], self._people[placement.meeting_id]
        return contracts.Placement(
            meeting_id=placement.meeting_id,
            members=_two(members),
            slot=placement.slot,
            table=placement.table,
            others=members[2:],
            people=people if people != members else (),
        )

    def _participant(self, person: str) -> Participant:
        member = member_of(person, self._members)
        state = self._members[member]
        # A repair knows what has begun; a first agenda must not use it.
        begun = frozenset() if self._repair else frozenset(range(1, self._next_slot))
        return Participant(
            id=person,
            unavailable=self._unavailable(member) | self._engaged(person) | begun,
            max_meetings=self._most.get(person),
            min_gap=state.min_break,
            own_table=self._own.get(member),
            stationary=state.fixed_table and member in self._own,
        )

    def _unavailable(self, member: str) -> frozenset[int]:
        """The slots in which a member cannot meet anybody, or is not there to."""
        if member not in self._present:
            return frozenset(range(1, len(self._event.slots) + 1))
        return frozenset(self._members[member].unavailable) | self._away.get(member, frozenset())

    def _engaged(self, person: str) -> frozenset[int]:
        """The slots of a person's appointments, and those too near to one for the rest it asked for."""
        rest = self._members[member_of(person, self._members)].min_break
        return frozenset(
            slot.number
            for booked in self._appointed.get(person, ())
            for slot in self._slots
            if slot.number == booked.number or (slot.day == booked.day and abs(slot.number - booked.number) <= rest)
        )

    @cached_property
    def _appointed(self) -> Mapping[str, list[Slot]]:
        """The slots of everybody's appointments."""
        slots: dict[str, list[Slot]] = {}
        for appointment in self._appointments:
            for person in appointment.people:
                slots.setdefault(person, []).append(self._slots[appointment.slot - 1])
        return slots

    @cached_property
    def _slots(self) -> tuple[Slot, ...]:
        return _slots(self._event)

    def _limits(self, people: Mapping[str, Sequence[str]]) -> dict[str, int | None]:
        """Share out the most meetings a member wishes for, less its appointments, among those who have any."""
        given = Counter(person for several in self._people.values() for person in several)
        booked = Counter(member for appointment in self._appointments for member in appointment.sides)
        # Whoever sat in a meeting that has begun may be no representative any more.
        busy: dict[str, list[str]] = {}
        for person in given:
            busy.setdefault(member_of(person, self._members), []).append(person)
        limits: dict[str, int | None] = {}
        for member, several in people.items():
            everybody = list(dict.fromkeys([*several, *busy.get(member, ())]))
            most = self._members[member].most_meetings
            left = None if most is None else max(0, most - booked[member])
            limits |= zip(everybody, shares(left, [given[person] for person in everybody]), strict=True)
        return limits

    def _is_missing(self, member: str) -> bool:
        return member in self._away or member not in self._present

    def _why_missing(self, member: str) -> LocalizedText:
        return (did_not_come if member in self._away else withdrew)(name_of(self._names, member))

    def _meeting(self, id: str, people: tuple[str, ...]) -> Meeting:
        states = [self._members[member] for member in self._sides[id]]
        wanted = {
            (state.member_id, preference.member_id)
            for state in states
            for preference in state.preferences
            if preference.wish == "must"
        }
        return Meeting(
            id=id,
            participants=people,
            mandatory=not wanted.isdisjoint(self._sides[id]),
            virtual=is_virtual(self._event, states),
        )

    def _special(self) -> tuple[Table, ...]:
        """Tables with seats of their own, virtual rooms, and where closed tables and appointments leave no place."""
        closed = dict.fromkeys(self._event.closed_tables, frozenset(range(1, len(self._event.slots) + 1)))
        for appointment in self._appointments:
            closed[appointment.table] = closed.get(appointment.table, frozenset()) | {appointment.slot}
        return tuple(
            Table(number=table.number, seats=table.seats, virtual=table.virtual, closed_slots=table.closed_slots)
            for table in special_tables(self._event, closed)
        )

    def _published(self) -> PublishedSchedule | None:
        if self._newest is None:
            return None
        scheduled = {placement.meeting_id for placement in self._newest.placements}
        known = scheduled | {unplaced.meeting_id for unplaced in self._newest.unplaced}
        placements, crowded = self._tenable(self._newest.placements)
        return PublishedSchedule(
            placements=placements, next_slot=self._next_slot, new_meetings=frozenset(self._people.keys() - known) | crowded
        )

    def _tenable(self, placements: Sequence[Placement]) -> tuple[tuple[MeetingPlacement, ...], frozenset[str]]:
        """Published placements that can stay, and meetings that cannot: their representative now sits elsewhere in that slot.

        Meetings with the same people as before keep their place first.
        """
        taken: set[tuple[int, str]] = set()
        tenable: list[MeetingPlacement] = []
        for placement in sorted(placements, key=self._has_new_people):
            claimed = {(placement.slot, person) for person in self._people.get(placement.meeting_id, ())}
            if taken.isdisjoint(claimed):
                tenable.append(MeetingPlacement(meeting_id=placement.meeting_id, slot=placement.slot, table=placement.table))
                taken |= claimed
        crowded = {placement.meeting_id for placement in placements} - {placement.meeting_id for placement in tenable}
        return tuple(tenable), frozenset(crowded)

    def _has_new_people(self, placement: Placement) -> bool:
        """Whether others sit in a meeting than are published."""
        return self._people.get(placement.meeting_id, placement.seated) != placement.seated

    def _label(self, person: str) -> str:
        member = member_of(person, self._members)
        representatives = self._members[member].representatives
        labels = {representative.id: representative.label or representative.id for representative in representatives}
        name = name_of(self._names, member)
        id = person.removeprefix(f"{member}:")
        return name if person == member else short(f"{name} ({labels.get(id, id)})")


def appointments_of(gathered: Gathered, next_slot: int) -> tuple[contracts.Placement, ...]:
    """Write the appointments that have begun (before `next_slot`), and of those to come the ones nobody withdrew from."""
    registrations = [registration.state for registration in gathered.registrations]
    registered = {registration.member_id for registration in registrations if registration.status == "registered"}
    placements = [as_placement(meeting) for meeting in gathered.meetings if meeting["state"]["appointment"] is not None]
    return tuple(
        contracts.Placement.model_validate(placement, from_attributes=True)
        for placement in placements
        if placement.slot < next_slot or registered.issuperset(placement.sides)
    )


def digest_of(gathered: Gathered) -> str:
    """Name the input of an agenda made of this. Takes a moment for a large event: not on the loop."""
    return ProblemBuilder(gathered, {}).digest()


def _slots(event: BrokerageEvent) -> tuple[Slot, ...]:
    """The slots, with the day each is on where the event takes place."""
    days = days_of(event)
    return tuple(
        Slot(number=slot.number, session=slot.session, day=days.index(local_day(event, slot.starts)) + 1) for slot in event.slots
    )


def _two(members: Sequence[str]) -> tuple[str, str]:
    return members[0], members[1]
