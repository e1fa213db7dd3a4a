"""Repairs a published schedule while the day goes on: what has begun stays, and as little else as possible changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from services.events.scheduling.counting import count_changes, count_people_changed
from services.events.scheduling.places import Places
from services.events.scheduling.problem import Meeting, Problem, Table
from services.events.scheduling.reasons import why_unplaced
from services.events.scheduling.remainder import Seat, at_odds, remainder
from services.events.scheduling.schedule import Placement, Unplaced
from services.events.scheduling.tables import assign_tables
from services.events.scheduling.wish import Patience

RINGS = 3
"""How often the meetings that may move are widened by those of the same people, before all may."""
COUNTING = 0.1
"""Of the time: for what counting can tell."""
BUILDING = 2e-4
"""Seconds for each meeting that may move and slot until a ring has an answer at least; one that would take too long is left."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened, from now on: slots people cannot meet in (all that are left, after a no-show or a withdrawal; those before
    they arrive), tables that are closed, requests that were accepted, and meetings that may fill what became free."""

    absent: Mapping[str, frozenset[int]] = field(default_factory=dict)
    closed_tables: frozenset[int] = frozenset()
    accepted: tuple[Meeting, ...] = ()
    standby: tuple[Meeting, ...] = ()


@dataclass(frozen=True, slots=True)
class Repaired:
    """A schedule of all meetings, and how it differs from the one that was published.

    `moved` have another slot, `reseated` only another table, `dropped` none any more, `added` had none; `people` have a
    meeting that moved or was dropped. `optimal`: nobody can place more of the meetings that were published or accepted, nor
    as many with fewer meetings moved or dropped; `bound` is the fewest that may be.
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    moved: tuple[str, ...]
    reseated: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    people: tuple[str, ...]
    status: Literal["optimal", "feasible"]
    bound: int


def repair(
    problem: Problem,
    published: Sequence[Placement],
    now: int,
    changes: Changes,
    time_limit: float,
    label: Mapping[str, str] | None = None,
) -> Repaired:
    """Place again what lost its place. Slots before `now` have begun: their meetings stay, whoever is missing.

    First as many as possible of the meetings published or accepted, the must-meets before all; then the fewest moved or
    dropped, for the fewest people; then as many as possible of those on standby, and of those that had no place before, again
    the must-meets first: they take what is free, and nobody's place. The fairness cap is not kept: who does not come makes
    breaks nobody can help. `time_limit` is in seconds, for the search.
    """
    day = _Day(problem, published, now, changes)
    patience = Patience(time_limit, None)
    fewest = day.fewest_left_out(patience.left(COUNTING))
    free = day.unsettled
    best: _Attempt | None = None
    for ring in range(RINGS + 1):
        if BUILDING * len(free) * len(problem.slots) > patience.left():
            break
        attempt = _attempt(day, free, patience, fewest)
        if attempt is not None and (best is None or attempt.cost < best.cost or attempt.proven):
            best = attempt
        if free == day.movable or (best is not None and best.proven) or not patience.left():
            break
        free = day.movable if ring + 1 == RINGS else day.widened(free)
    return day.written(best or _untouched(day), label or {})


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Where every meeting is; the required ones left out and the published ones changed. `proven`: better is impossible."""

    seats: Mapping[str, Seat]
    cost: tuple[int, int, int, int]
    proven: bool


class _Day:
    """The problem as it is now, with what was published: as it is `asked`, and with no place left in what has begun."""

    def __init__(self, problem: Problem, published: Sequence[Placement], now: int, changes: Changes) -> None:
        rest = frozenset(slot.number for slot in problem.slots if slot.number >= now)
        self.past = frozenset(slot.number for slot in problem.slots) - rest
        known = {one.id for one in problem.meetings}
        self.seats = {one.meeting_id: Seat(one.slot, one.table) for one in published if one.meeting_id in known}
        self.begun = {meeting for meeting, seat in self.seats.items() if seat.slot in self.past}
        special = {table.number: table for table in problem.special}
        special |= {number: Table(number) for number in changes.closed_tables if number not in special}
        self.asked = replace(
            problem,
            participants=tuple(
                replace(one, unavailable=one.unavailable | (changes.absent.get(one.id, frozenset()) & rest))
                for one in problem.participants
            ),
            meetings=(*problem.meetings, *changes.accepted, *changes.standby),
            special=tuple(
                replace(table, closed=table.closed | rest) if table.number in changes.closed_tables else table
                for table in special.values()
            ),
        )
        self.problem = replace(
            self.asked,
            meetings=tuple(
                one if one.id in self.begun else replace(one, closed=one.closed | self.past) for one in self.asked.meetings
            ),
        )
        places = Places(self.problem)
        self.possible = {one.id: frozenset(places.slots(one)) for one in self.problem.meetings if one.id not in self.begun}
        self.movable = frozenset(self.possible)
        self.required = frozenset(self.seats.keys() - self.begun) | {one.id for one in changes.accepted}
        self.hopeless = {one for one in self.required if not self.possible[one]}
        future = [one for one in self.problem.meetings if one.id in self.seats and one.id not in self.begun]
        self.forced = {one.id for one in future if self.seats[one.id].slot not in self.possible[one.id]}
        kept = {one.id for one in future if self.seats[one.id].table in places.tables(one, self.seats[one.id].slot)}
        self.unsettled = self.movable - (kept - self.forced - at_odds(self.problem, self.seats))
        self.future = {one: self.seats[one].slot for one in self.seats.keys() - self.begun}

    def fewest_left_out(self, time_limit: float) -> int:
        """How many of the required meetings cannot be placed by counting alone, whatever moves."""
        from services.events.scheduling.selection import select

        begun = {one: seat for one, seat in self.seats.items() if one in self.begun}
        try:
            selection = select(remainder(self.problem, begun, self.required), time_limit)
        except TimeoutError:
            selection = None
        return len(self.hopeless) if selection is None else len(self.required) - selection.most

    def widened(self, free: Collection[str]) -> frozenset[str]:
        """These meetings, and all others of whoever has one of the required ones among them."""
        asked = {one.id for one in self.problem.meetings if one.id in free and one.id in self.required - self.hopeless}
        people = {who for one in self.problem.meetings if one.id in asked for who in one.participants}
        return frozenset(free) | {one.id for who in people for one in self.problem.meetings_of[who] if one.id in self.movable}

    def written(self, best: _Attempt, label: Mapping[str, str]) -> Repaired:
        """Write the schedule and what changed."""
        slots = {one: seat.slot for one, seat in best.seats.items()}
        left_out = [one for one in self.asked.meetings if one.id not in slots]
        reasons = ((one.id, why_unplaced(self.asked, one, slots, best.proven, label, self.past)) for one in left_out)
        moved = {one for one in self.future if one in slots and slots[one] != self.future[one]}
        dropped = self.future.keys() - slots.keys()
        stayed = self.future.keys() - moved - dropped
        placements = (Placement(one, seat.slot, seat.table) for one, seat in best.seats.items())
        return Repaired(
            placements=tuple(sorted(placements, key=lambda placed: (placed.slot, placed.table))),
            unplaced=tuple(Unplaced(one, reason.it, reason.en) for one, reason in reasons),
            moved=tuple(sorted(moved)),
            reseated=tuple(sorted(one for one in stayed if best.seats[one].table != self.seats[one].table)),
            dropped=tuple(sorted(dropped)),
            added=tuple(sorted(slots.keys() - self.seats.keys())),
            people=tuple(sorted({who for one in self.problem.meetings if one.id in moved | dropped for who in one.participants})),
            status="optimal" if best.proven else "feasible",
            bound=best.cost[2] if best.proven else len(self.forced),
        )


def _untouched(day: _Day) -> _Attempt:
    """What can stay as it is, and nothing else: for want of time."""
    seats = {one: seat for one, seat in day.seats.items() if one not in day.unsettled}
    return _Attempt(seats, (0, 0, 0, 0), proven=False)


def _attempt(day: _Day, free: frozenset[str], patience: Patience, fewest: int) -> _Attempt | None:
    """The best with only these meetings free to move; None where the time is over. `fewest` must be left out anyway."""
    from services.events.scheduling.model import Model
    from services.events.scheduling.stages import Goal, Kept, Stages

    standing = {one: seat for one, seat in day.seats.items() if one not in free}
    part = remainder(day.problem, standing, free)
    published = {one: slot for one, slot in day.future.items() if one in free}
    required = free & day.required
    musts = {one.id for one in part.meetings if one.must and one.id in required}
    waiting = {one.id for one in part.meetings if one.must and one.id not in required}
    goals = [
        Goal(lambda model: model.left_out(musts), lambda slots: len(musts - slots.keys())),
        Goal(lambda model: model.left_out(required), lambda slots: len(required - slots.keys())),
        Goal(lambda model: model.changes(published), lambda slots: count_changes(published, slots)),
        Goal(lambda model: model.people_changed(published), lambda slots: count_people_changed(part, published, slots)),
        Goal(lambda model: model.left_out(waiting), lambda slots: len(waiting - slots.keys())),
        Goal(Model.left_out, lambda slots: len(free - slots.keys())),
    ]
    stages = Stages(part, patience, workers=1, seed=0)
    kept: list[Kept] = []
    slots: Mapping[str, int] | None = None
    values: list[int] = []
    exact = free == day.movable
    for goal in goals:
        try:
            best = stages.least(goal, kept, slots)
        except TimeoutError:
            return None
        assert best is not None, "to leave out everything is a schedule"
        slots = best.slots
        values.append(best.value)
        exact = exact and (len(values) > 3 or best.value == best.bound)
        kept.append(Kept(goal, best.value))
    assert slots is not None, "there was a goal"
    tables = assign_tables(part, slots, {one: seat.table for one, seat in day.seats.items()})
    seats = {**standing, **{one: Seat(slot, tables[one]) for one, slot in slots.items()}}
    hopeless = (len(day.hopeless & musts), fewest, len(day.forced))
    return _Attempt(seats, (values[0], values[1], values[2], values[3]), exact or tuple(values[:3]) == hopeless)
