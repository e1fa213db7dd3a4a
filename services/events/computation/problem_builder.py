"""From accepted meetings to a scheduling problem. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.events.agenda.rules.table_ownership import (
    is_virtual,
    own_tables,
    special_tables,
    table_use,
    unmet_needs,
)
from services.events.agenda.state import Agenda, Placement
from services.events.brokerage.rules.days import days_of, local_day
from services.events.brokerage.state import BrokerageEvent
from services.events.computation.protocol import (
    Meeting,
    MeetingPlacement,
    Participant,
    PublishedSchedule,
    Slot,
    SolverTask,
    Table,
)
from services.events.computation.scheduling_input import SchedulingInput
from services.events.computation.shortening import LONGEST_NAME, name_of
from services.events.meeting.queries import appointment_placements
from services.events.meeting.rules.representatives import assign_representatives, split_limit
from services.events.registration.rules.people import member_of, people_of
from shared.contracts.human_text import shortened


@dataclass(frozen=True)
class SearchOptions:
    """The time limit in seconds, and the objectives beyond breaks."""

    time_limit: float
    minimise_gaps: bool = False


class ProblemBuilder:
    """The problem of an event: every accepted meeting of members that are present, without appointments.

    Slots before `next_slot` have begun. `newest` is the agenda published last, which another changes no more than it must. A
    `repair` changes nothing else: meetings before `next_slot` stay, whoever is absent. Present are the registered, but for the
    no-shows of the last day; on a day before, they are expected on the next.
    """

    def __init__(
        self,
        scheduling_input: SchedulingInput,
        names: Mapping[str, str],
        newest: Agenda | None = None,
        next_slot: int = 1,
        repair: bool = False,
    ) -> None:
        self.input = scheduling_input
        self.names = names
        self.next_slot = next_slot
        self.repair = repair
        self._newest = newest
        self._event = scheduling_input.brokerage_event.state
        self.registrations = {registration.state.member_id: registration.state for registration in scheduling_input.registrations}
        registered = {member for member, state in self.registrations.items() if state.status == "registered"}
        self.no_shows = {member: slots for member, slots in scheduling_input.no_shows.items() if member in registered}
        last_slot = len(self._event.slots)
        self.present = registered - {member for member, slots in self.no_shows.items() if last_slot in slots}
        meetings = {meeting.id: meeting.state for meeting in scheduling_input.meetings}
        self._appointments = appointment_placements(scheduling_input.meetings)
        self.sides = {id: meeting.sides for id, meeting in meetings.items() if meeting.appointment is None}
        self._absent = {id: [side for side in sides if side not in self.present] for id, sides in self.sides.items()}
        placements = newest.placements if newest else ()
        # A meeting that got an appointment after it was placed is not placed any more.
        begun = {placement.meeting_id for placement in placements if placement.slot < next_slot} & self.sides.keys()
        to_place = {id: meeting for id, meeting in meetings.items() if id in begun or self._absent.get(id) == []}
        people = {member: people_of(state) for member, state in self.registrations.items()}
        before = {placement.meeting_id: placement.people for placement in placements}
        self.people = assign_representatives(to_place, people, before, begun)
        self._limits = self._split_limits(people)
        participants = {member: self.registrations[member] for member in self.present}
        published = newest.own_table_of if newest else {}
        self.own_tables = own_tables(self._event, participants, published, table_use([*placements, *self._appointments]))
        self.unmet = unmet_needs(self._event, participants, self.own_tables)

    def task(self, options: SearchOptions) -> SolverTask:
        """Describe the problem to the solver."""
        return self._task(options, self.input.elsewhere)

    def _task(self, options: SearchOptions, elsewhere: Mapping[str, frozenset[int]]) -> SolverTask:
        people = sorted({person for seated in self.people.values() for person in seated})
        return SolverTask(
            participants=tuple(self._participant(person, elsewhere.get(person, frozenset())) for person in people),
            meetings=tuple(self._meeting(id, seated) for id, seated in sorted(self.people.items())),
            slots=self._slots,
            tables=self._event.tables,
            fairness=self._event.fairness,
            time_limit=options.time_limit,
            names={person: self._name(person) for person in people},
            special_tables=self._special_tables(),
            published=self._published(),
            repair=self.repair,
            minimise_gaps=options.minimise_gaps,
        )

    def digest(self) -> str:
        """Digest all that decides an agenda: 32 hexadecimal digits of a SHA-256.

        Not meetings at parallel events: an agenda that was published first is not outdated by theirs, which keep clear of it.
        """
        options = {"time_limit", "names", "published", "repair", "minimise_gaps"}
        task = self._task(SearchOptions(0), {}).model_dump(exclude=options)
        parts = [task, sorted((id, absent) for id, absent in self._absent.items() if absent)]
        if representatives := self._representatives():
            parts.append(representatives)
        return hashlib.sha256(json.dumps(parts, default=sorted).encode()).hexdigest()[:32]

    def _representatives(self) -> list[str]:
        """Name candidates who may represent a side: who sits in the agenda need not be whom a first computation would choose."""
        sides = {side for id in self.people for side in self.sides[id] if self.registrations[side].representatives}
        return sorted(person for side in sides for person in people_of(self.registrations[side]))

    def _participant(self, person: str, elsewhere: frozenset[int]) -> Participant:
        member = member_of(person, self.registrations)
        registration = self.registrations[member]
        # A repair knows what has begun; a first agenda must not use it.
        begun = frozenset() if self.repair else frozenset(range(1, self.next_slot))
        return Participant(
            id=person,
            unavailable=self._unavailable(member)
            | self._engaged(person, registration.min_break)
            | begun
            | {slot for slot in elsewhere if slot >= self.next_slot},
            max_meetings=self._limits.get(person),
            min_gap=registration.min_break,
            own_table=self.own_tables.get(member),
            stationary=registration.fixed_table and member in self.own_tables,
        )

    def _unavailable(self, member: str) -> frozenset[int]:
        """The slots in which a member is not available, or absent."""
        if member not in self.present:
            return frozenset(range(1, len(self._event.slots) + 1))
        return frozenset(self.registrations[member].unavailable) | self.no_shows.get(member, frozenset())

    def _engaged(self, person: str, min_break: int) -> frozenset[int]:
        """The slots of a person's appointments, and those too near to one for its shortest break."""
        return frozenset(
            slot.number
            for booked in self._appointment_slots.get(person, ())
            for slot in self._slots
            if slot.number == booked.number or (slot.day == booked.day and abs(slot.number - booked.number) <= min_break)
        )

    @cached_property
    def _appointment_slots(self) -> Mapping[str, list[Slot]]:
        slots: dict[str, list[Slot]] = {}
        for placement in self._appointments:
            for person in placement.people:
                slots.setdefault(person, []).append(self._slots[placement.slot - 1])
        return slots

    @cached_property
    def _slots(self) -> tuple[Slot, ...]:
        return _slots(self._event)

    def _split_limits(self, people: Mapping[str, Sequence[str]]) -> dict[str, int | None]:
        """Split the most meetings of each member, less its appointments, among those of its people who have any."""
        assigned = Counter(person for seated in self.people.values() for person in seated)
        appointments = Counter(side for placement in self._appointments for side in placement.sides)
        # Who sat in a meeting that has begun may be no representative any more.
        seated: dict[str, list[str]] = {}
        for person in assigned:
            seated.setdefault(member_of(person, self.registrations), []).append(person)
        limits: dict[str, int | None] = {}
        for member, named in people.items():
            candidates = list(dict.fromkeys([*named, *seated.get(member, ())]))
            limit = self.registrations[member].most_meetings
            left = None if limit is None else max(0, limit - appointments[member])
            limits |= zip(candidates, split_limit(left, [assigned[person] for person in candidates]), strict=True)
        return limits

    def _meeting(self, id: str, people: tuple[str, ...]) -> Meeting:
        sides = self.sides[id]
        registrations = [self.registrations[side] for side in sides]
        required = {
            preference.member_id
            for registration in registrations
            for preference in registration.preferences
            if preference.wish == "must"
        }
        return Meeting(
            id=id,
            participants=people,
            mandatory=not required.isdisjoint(sides),
            virtual=is_virtual(self._event, registrations),
        )

    def _special_tables(self) -> tuple[Table, ...]:
        """Tables with seats of their own, virtual rooms, and the slots in which closed tables and appointments leave no place."""
        closed = dict.fromkeys(self._event.closed_tables, frozenset(range(1, len(self._event.slots) + 1)))
        for placement in self._appointments:
            closed[placement.table] = closed.get(placement.table, frozenset()) | {placement.slot}
        return tuple(
            Table(number=table.number, seats=table.seats, virtual=table.virtual, closed_slots=table.closed_slots)
            for table in special_tables(self._event, closed)
        )

    def _published(self) -> PublishedSchedule | None:
        if self._newest is None:
            return None
        published = {placement.meeting_id for placement in self._newest.placements}
        published |= {meeting.meeting_id for meeting in self._newest.unplaced}
        placements, displaced = self._published_places(self._newest.placements)
        new = frozenset(self.people.keys() - published) | displaced
        return PublishedSchedule(placements=placements, next_slot=self.next_slot, new_meetings=new)

    def _published_places(self, placements: Sequence[Placement]) -> tuple[tuple[MeetingPlacement, ...], frozenset[str]]:
        """Where meetings are published, and which cannot stay there: whoever represents a side now sits elsewhere in that slot.

        Meetings with the same people as before keep their place before all others.
        """
        booked: set[tuple[int, str]] = set()
        staying: list[MeetingPlacement] = []
        for placement in sorted(placements, key=self._has_other_people):
            seats = {(placement.slot, person) for person in self.people.get(placement.meeting_id, ())}
            if booked.isdisjoint(seats):
                staying.append(MeetingPlacement(meeting_id=placement.meeting_id, slot=placement.slot, table=placement.table))
                booked |= seats
        displaced = {placement.meeting_id for placement in placements} - {placement.meeting_id for placement in staying}
        return tuple(staying), frozenset(displaced)

    def _has_other_people(self, placement: Placement) -> bool:
        """Whether others sit in a meeting than are published."""
        return self.people.get(placement.meeting_id, placement.seated) != placement.seated

    def _name(self, person: str) -> str:
        member = member_of(person, self.registrations)
        name = name_of(self.names, member)
        if person == member:
            return name
        id = person.removeprefix(f"{member}:")
        representatives = self.registrations[member].representatives
        labels = {representative.id: representative.label for representative in representatives}
        return shortened(f"{name} ({labels.get(id) or id})", LONGEST_NAME)


def digest_of(scheduling_input: SchedulingInput) -> str:
    """Digest the input of an agenda. Takes a moment for a large event: not on the event loop."""
    return ProblemBuilder(scheduling_input, {}).digest()


def _slots(brokerage_event: BrokerageEvent) -> tuple[Slot, ...]:
    """The slots, each with its day where the event takes place."""
    days = days_of(brokerage_event)
    return tuple(
        Slot(
            number=slot.number,
            session=slot.session,
            day=days.index(local_day(brokerage_event, slot.starts)) + 1,
        )
        for slot in brokerage_event.slots
    )
