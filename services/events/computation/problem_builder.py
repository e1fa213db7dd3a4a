"""From accepted meetings to a scheduling problem, and from its solution to an agenda. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from services.events.agenda.rules.table_ownership import is_virtual, own_tables, sat_at, special_tables, told_tables, unmet_needs
from services.events.brokerage.rules.days import days_of, local_day
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
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished, OwnTable, Placement, Unmet, Unplaced


class Asked(NamedTuple):
    """The time limit in seconds, and the objectives beyond breaks."""

    time_limit: float
    minimise_gaps: bool = False


class Draft:
    """The problem of an event as it is: every accepted meeting of members that are there, and no appointments.

    Slots before `now` have begun. `newest` is the agenda published last, which another changes no more than it must. A
    `repair` changes nothing else: meetings before slot `now` stay, whoever is gone. A member is gone that withdrew, and one
    that did not come (`away`) on the last day; on a day before it is expected again on the next.
    """

    def __init__(
        self,
        gathered: Gathered,
        names: Mapping[str, str],
        newest: Mapping[str, Any] | None = None,
        now: int = 1,
        repair: bool = False,
    ) -> None:
        self._gathered = gathered
        self._names = names
        self._newest = newest
        self._now = now
        self._repair = repair
        self._event = gathered.event["state"]
        self._members = {document["state"]["member_id"]: document["state"] for document in gathered.registrations}
        registered = {member for member, state in self._members.items() if state["status"] == "registered"}
        self._away = {member: slots for member, slots in gathered.away.items() if member in registered}
        self._here = registered - {member for member, slots in self._away.items() if len(self._event["slots"]) in slots}
        self._booked = [as_placement(one) for one in gathered.meetings if one["state"]["appointment"] is not None]
        self._sides = {one["_id"]: sides(one["state"]) for one in gathered.meetings if one["state"]["appointment"] is None}
        self._gone = {id: [side for side in members if side not in self._here] for id, members in self._sides.items()}
        placed = newest["placements"] if newest else []
        # What got an appointment after it was placed is one from now on.
        begun = {one["meeting_id"] for one in placed if one["slot"] < now} & self._sides.keys()
        kept = [one for one in gathered.meetings if one["_id"] in begun or self._gone.get(one["_id"]) == []]
        people = {member: people_of(state) for member, state in self._members.items()}
        self._people = shared_out(kept, people, {one["meeting_id"]: one["people"] for one in placed}, begun)
        self._most = self._limits(people)
        here = {member: self._members[member] for member in self._here}
        self._own = own_tables(self._event, here, told_tables(newest), sat_at([*placed, *self._booked]))
        self._unmet = unmet_needs(self._event, here, self._own)

    def task(self, asked: Asked) -> SolverTask:
        """Write the problem."""
        busy = sorted({person for people in self._people.values() for person in people})
        return SolverTask(
            participants=tuple(self._participant(person) for person in busy),
            meetings=tuple(self._meeting(id, people) for id, people in sorted(self._people.items())),
            slots=self._slots,
            tables=self._event["tables"],
            fairness=self._event["fairness"],
            time_limit=asked.time_limit,
            names={person: self._label(person) for person in busy},
            special_tables=self._special(),
            published=self._published(),
            repair=self._repair,
            minimise_gaps=asked.minimise_gaps,
        )

    def digest(self) -> str:
        """Name the exact input of an agenda by all that decides it: 32 hexadecimal digits of a SHA-256."""
        options = {"time_limit", "names", "published", "repair", "minimise_gaps"}
        task = self.task(Asked(0)).model_dump(exclude=options)
        parts = [task, sorted((id, gone) for id, gone in self._gone.items() if gone)]
        if speakers := self._speakers():
            parts.append(speakers)
        return hashlib.sha256(json.dumps(parts, default=sorted).encode()).hexdigest()[:32]

    def _speakers(self) -> list[str]:
        """Name who may speak for those who meet: whoever sits in the agenda need not be whom a first one would choose."""
        meeting = {member for id in self._people for member in self._sides[id] if self._members[member]["representatives"]}
        return sorted(person for member in meeting for person in people_of(self._members[member]))

    def written(self, answer: SolvedSchedule, input: str) -> AgendaPublished:
        """Write the agenda from the solver's answer. Meetings of members that withdrew or did not come are told as unplaced."""
        left_out = {one.meeting_id: short_reason(one.it, one.en) for one in answer.unplaced}
        placed = {one.meeting_id for one in answer.placements}
        missing = {id: [*filter(self._is_missing, members)] for id, members in self._sides.items() if id not in placed}
        left_out |= {id: self._why_missing(members[0]) for id, members in missing.items() if members}
        return AgendaPublished(
            event_id=self._gathered.event["_id"],
            placements=tuple(self._placement(one) for one in answer.placements),
            unplaced=tuple(
                Unplaced(meeting_id=id, members=_two(self._sides[id]), others=self._sides[id][2:], reason=reason)
                for id, reason in left_out.items()
            ),
            status=answer.status,
            breaks=answer.breaks,
            bound=answer.bound,
            input=input,
            repaired=self._repair,
            own_tables=tuple(
                OwnTable(member_id=member, table=number)
                for member, number in sorted(self._own.items())
                if self._members[member]["fixed_table"]
            ),
            unmet=tuple(Unmet(member_id=member, reason=no_table(name_of(self._names, member))) for member in self._unmet),
            appointments=booked(self._gathered, self._now),
        )

    def _placement(self, one: MeetingPlacement) -> Placement:
        members, people = self._sides[one.meeting_id], self._people[one.meeting_id]
        return Placement(
            meeting_id=one.meeting_id,
            members=_two(members),
            slot=one.slot,
            table=one.table,
            others=members[2:],
            people=people if people != members else (),
        )

    def _participant(self, person: str) -> Participant:
        member = member_of(person, self._members)
        state = self._members[member]
        # A repair knows what has begun; a first agenda must not use it.
        begun = frozenset() if self._repair else frozenset(range(1, self._now))
        return Participant(
            id=person,
            unavailable=self._unavailable(member) | self._engaged(person) | begun,
            max_meetings=self._most.get(person),
            min_gap=state["min_break"],
            own_table=self._own.get(member),
            stationary=state["fixed_table"] and member in self._own,
        )

    def _unavailable(self, member: str) -> frozenset[int]:
        """The slots in which a member cannot meet anybody, or is not there to."""
        if member not in self._here:
            return frozenset(range(1, len(self._event["slots"]) + 1))
        return frozenset(self._members[member]["unavailable"]) | self._away.get(member, frozenset())

    def _engaged(self, person: str) -> frozenset[int]:
        """The slots of somebody's appointments, and those too near to one for the rest it asked for."""
        rest = self._members[member_of(person, self._members)]["min_break"]
        return frozenset(
            one.number
            for booked in self._appointed.get(person, ())
            for one in self._slots
            if one.number == booked.number or (one.day == booked.day and abs(one.number - booked.number) <= rest)
        )

    @cached_property
    def _appointed(self) -> Mapping[str, list[Slot]]:
        """The slots of everybody's appointments."""
        found: dict[str, list[Slot]] = {}
        for one in self._booked:
            for person in one["people"]:
                found.setdefault(person, []).append(self._slots[one["slot"] - 1])
        return found

    @cached_property
    def _slots(self) -> tuple[Slot, ...]:
        return _slots(self._event)

    def _limits(self, people: Mapping[str, Sequence[str]]) -> dict[str, int | None]:
        """Share out the most meetings a member wishes for, less its appointments, among those who have any."""
        given = Counter(person for several in self._people.values() for person in several)
        booked = Counter(member for one in self._booked for member in (*one["members"], *one["others"]))
        # Who sat in a meeting that has begun may be no representative any more.
        busy: dict[str, list[str]] = {}
        for person in given:
            busy.setdefault(member_of(person, self._members), []).append(person)
        found: dict[str, int | None] = {}
        for member, several in people.items():
            everybody = list(dict.fromkeys([*several, *busy.get(member, ())]))
            most = self._members[member]["most_meetings"]
            left = None if most is None else max(0, most - booked[member])
            found |= zip(everybody, shares(left, [given[one] for one in everybody]), strict=True)
        return found

    def _is_missing(self, member: str) -> bool:
        return member in self._away or member not in self._here

    def _why_missing(self, member: str) -> LocalizedText:
        return (did_not_come if member in self._away else withdrew)(name_of(self._names, member))

    def _meeting(self, id: str, people: tuple[str, ...]) -> Meeting:
        states = [self._members[member] for member in self._sides[id]]
        wanted = {
            (state["member_id"], one["member_id"]) for state in states for one in state["preferences"] if one["wish"] == "must"
        }
        return Meeting(
            id=id,
            participants=people,
            mandatory=not wanted.isdisjoint(self._sides[id]),
            virtual=is_virtual(self._event, states),
        )

    def _special(self) -> tuple[Table, ...]:
        """Tables with seats of their own, virtual rooms, and where closed tables and appointments leave no place."""
        closed = dict.fromkeys(self._event["closed_tables"], frozenset(range(1, len(self._event["slots"]) + 1)))
        for one in self._booked:
            closed[one["table"]] = closed.get(one["table"], frozenset()) | {one["slot"]}
        return tuple(
            Table(number=one.number, seats=one.seats, virtual=one.virtual, closed_slots=one.closed_slots)
            for one in special_tables(self._event, closed)
        )

    def _published(self) -> PublishedSchedule | None:
        if self._newest is None:
            return None
        known = {one["meeting_id"] for one in (*self._newest["placements"], *self._newest["unplaced"])}
        seats, crowded = self._seats(self._newest["placements"])
        return PublishedSchedule(
            placements=seats, next_slot=self._now, new_meetings=frozenset(self._people.keys() - known) | crowded
        )

    def _seats(self, placements: Sequence[Mapping[str, Any]]) -> tuple[tuple[MeetingPlacement, ...], frozenset[str]]:
        """Where meetings are published, and which cannot stay there: whoever is to speak for a member now sits elsewhere then.

        Those keep their place before all others who have the same people as before.
        """
        taken: set[tuple[int, str]] = set()
        kept: list[MeetingPlacement] = []
        for one in sorted(placements, key=self._has_others):
            wanted = {(one["slot"], person) for person in self._people.get(one["meeting_id"], ())}
            if taken.isdisjoint(wanted):
                kept.append(MeetingPlacement(meeting_id=one["meeting_id"], slot=one["slot"], table=one["table"]))
                taken |= wanted
        crowded = {one["meeting_id"] for one in placements} - {one.meeting_id for one in kept}
        return tuple(kept), frozenset(crowded)

    def _has_others(self, placed: Mapping[str, Any]) -> bool:
        """Tell whether others sit in a meeting than are published."""
        before = tuple(placed["people"]) or (*placed["members"], *placed["others"])
        return self._people.get(placed["meeting_id"], before) != before

    def _label(self, person: str) -> str:
        member = member_of(person, self._members)
        labels = {one["id"]: one["label"] or one["id"] for one in self._members[member]["representatives"]}
        name = name_of(self._names, member)
        id = person.removeprefix(f"{member}:")
        return name if person == member else short(f"{name} ({labels.get(id, id)})")


def booked(gathered: Gathered, now: int) -> tuple[Placement, ...]:
    """Write the appointments: those that have begun before slot `now`, and of those to come the ones nobody withdrew from."""
    here = {one["state"]["member_id"] for one in gathered.registrations if one["state"]["status"] == "registered"}
    appointed = [one for one in gathered.meetings if one["state"]["appointment"] is not None]
    return tuple(
        Placement.model_validate(as_placement(one))
        for one in appointed
        if one["state"]["appointment"]["slot"] < now or here.issuperset(sides(one["state"]))
    )


def digest_of(gathered: Gathered) -> str:
    """Name the input of an agenda made of this. Takes a moment for a large event: not on the loop."""
    return Draft(gathered, {}).digest()


def _slots(event: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The slots, with the day each is on where the event takes place."""
    days = days_of(event)
    return tuple(
        Slot(number=one["number"], session=one["session"], day=days.index(local_day(event, one["starts"])) + 1)
        for one in event["slots"]
    )


def _two(members: Sequence[str]) -> tuple[str, str]:
    return members[0], members[1]
