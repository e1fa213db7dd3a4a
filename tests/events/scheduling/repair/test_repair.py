"""A repair changes as little as exhaustive search shows is necessary, and nothing that has begun."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from services.events.scheduling import (
    Disruption,
    Meeting,
    Participant,
    Placement,
    Problem,
    RepairedSchedule,
    Slot,
    Table,
    repair,
    violated_constraints,
)
from services.events.scheduling.metrics import count_breaks
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import large_event, placements, problems
from tests.events.scheduling.sentences import english, italian

SECONDS = 60.0
SMALL = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def disrupted(problem: Problem, disruption: Disruption, next_slot: int, before: list[Placement]) -> Problem:
    """The problem after the disruption, without the code under test: what has begun is fixed and always possible."""
    coming = {slot.number for slot in problem.slots if slot.number >= next_slot}
    begun = {placed.meeting_id: placed.slot for placed in before if placed.slot < next_slot}
    past = frozenset(range(1, next_slot))
    return replace(
        problem,
        participants=tuple(
            replace(person, unavailable=person.unavailable | (disruption.absent.get(person.id, frozenset()) & coming))
            for person in problem.participants
        ),
        meetings=tuple(
            replace(meeting, fixed_slot=begun[meeting.id])
            if meeting.id in begun
            else replace(meeting, closed_slots=meeting.closed_slots | past)
            for meeting in (*problem.meetings, *disruption.accepted, *disruption.standby)
        ),
    )


@SMALL
@given(problems(), st.data())
def test_the_fewest_changes_for_the_fewest_people(problem: Problem, data: st.DataObject) -> None:
    problem = replace(problem, meetings=tuple(replace(meeting, fixed_slot=None) for meeting in problem.meetings))
    slots = max(brute_force.schedules(problem, fair=False), key=len)
    assume(slots)
    before = placements(problem, slots)
    next_slot = data.draw(st.integers(1, len(problem.slots)))
    all_slots = frozenset(slot.number for slot in problem.slots)
    absent = data.draw(st.frozensets(st.sampled_from([person.id for person in problem.participants]), max_size=1))
    pair = data.draw(st.lists(st.sampled_from([person.id for person in problem.participants]), min_size=2, max_size=2, unique=True))
    extra = Meeting("new", tuple(pair))
    is_accepted = data.draw(st.booleans())
    disruption = Disruption(dict.fromkeys(absent, all_slots), accepted=(extra,) * is_accepted, standby=(extra,) * (not is_accepted))
    answer = repair(problem, before, next_slot, disruption, SECONDS)

    begun = {placed for placed in before if placed.slot < next_slot}
    assert begun <= set(answer.placements)
    future = {placed.meeting_id: placed.slot for placed in before if placed.slot >= next_slot}
    required = future.keys() | {meeting.id for meeting in disruption.accepted}
    after = disrupted(problem, disruption, next_slot, before)
    mandatory = {
        meeting.id for meeting in after.meetings if meeting.mandatory and meeting.id not in {placed.meeting_id for placed in begun}
    }

    def cost(slots: dict[str, int]) -> tuple[int, ...]:
        changed = [meeting for meeting in after.meetings if meeting.id in future and slots.get(meeting.id) != future[meeting.id]]
        affected = {id for meeting in changed for id in meeting.participants}
        missing = len((mandatory & required) - slots.keys()), len(required - slots.keys())
        waiting = len((mandatory - required) - slots.keys()), len(after.meetings) - len(slots)
        return (*missing, len(changed), len(affected), *waiting)

    repaired_slots = {placed.meeting_id: placed.slot for placed in answer.placements}
    assert not violated_constraints(after, answer.placements)
    best = min(map(cost, brute_force.schedules(after, fair=False)))
    event(answer.status)
    assert cost(repaired_slots) == best
    assert (answer.status, answer.changes_bound) == ("optimal", best[2])
    assert len(answer.moved) + len(answer.dropped) == best[2]
    assert {entry.meeting_id for entry in answer.unplaced} == {meeting.id for meeting in after.meetings} - repaired_slots.keys()
    assert all(italian(entry.reason) and english(entry.reason) for entry in answer.unplaced)


PEOPLE = tuple(Participant(name) for name in "abcdef")
DAY = Problem(PEOPLE, (Meeting("ab", ("a", "b")), Meeting("cd", ("c", "d"))), tuple(map(Slot, range(1, 5))), tables=1)
BEFORE = [Placement("ab", 2, 1), Placement("cd", 3, 1)]


def repaired(disruption: Disruption, next_slot: int = 2) -> RepairedSchedule:
    return repair(DAY, BEFORE, next_slot, disruption, SECONDS)


def test_a_no_show_leaves_its_place_to_those_on_standby() -> None:
    answer = repaired(
        Disruption({"a": frozenset({2, 3, 4})}, standby=(Meeting("ef", ("e", "f"), closed_slots=frozenset({1, 3, 4})),))
    )
    assert (answer.dropped, answer.moved, answer.added, answer.status) == (("ab",), (), ("ef",), "optimal")
    assert answer.affected == ("a", "b")
    assert italian(answer.unplaced[0].reason) == "Gli slot in cui a e b sono entrambi liberi sono già cominciati."


def test_a_late_arrival_moves_one_meeting() -> None:
    answer = repaired(Disruption({"a": frozenset({2})}))
    assert (answer.moved, answer.dropped, answer.placements[-1]) == (("ab",), (), Placement("ab", 4, 1))


def test_what_has_begun_stays_without_who_is_missing() -> None:
    answer = repaired(Disruption({"a": frozenset({1, 2, 3, 4})}), next_slot=3)
    assert (answer.moved, answer.dropped, answer.placements) == ((), (), tuple(BEFORE))


def test_a_closed_table_sends_meetings_to_another_at_the_same_time() -> None:
    answer = repair(replace(DAY, tables=2), BEFORE, 2, Disruption(closed_tables=frozenset({1})), SECONDS)
    assert (answer.moved, answer.dropped, answer.reseated) == ((), (), ("ab", "cd"))
    assert {placed.table for placed in answer.placements} == {2}


def test_an_accepted_request_moves_others_only_where_it_must() -> None:
    request = Meeting("ef", ("e", "f"), closed_slots=frozenset({1, 4}))
    answer = repaired(Disruption(accepted=(request,)))
    assert (len(answer.moved), answer.added, answer.status) == (1, ("ef",), "optimal")


def test_what_breaks_a_rule_together_is_repaired_too() -> None:
    """Published before somebody asked for a rest, or before an order was known."""
    slots = tuple(map(Slot, range(1, 5)))
    meetings = (Meeting("ab", ("a", "b")), Meeting("ac", ("a", "c")))
    before = [Placement("ab", 2, 1), Placement("ac", 3, 1)]
    for people, meetings_now in (
        ((Participant("a", min_gap=1), Participant("b"), Participant("c")), meetings),
        ((Participant("a"), Participant("b"), Participant("c")), (replace(meetings[0], predecessors=("ac",)), meetings[1])),
        ((Participant("a"), Participant("b"), Participant("c")), (meetings[0], replace(meetings[1], fixed_slot=4))),
    ):
        problem = Problem(people, meetings_now, slots, 1)
        answer = repair(problem, before, 1, Disruption(), SECONDS)
        assert violated_constraints(problem, answer.placements) == []
        assert (answer.status, len(answer.moved), answer.changes_bound, answer.unplaced) == ("optimal", 1, 1, ())
    limited = Problem((Participant("a", max_meetings=1), Participant("b"), Participant("c")), meetings, slots, 1)
    answer = repair(limited, before, 1, Disruption(), SECONDS)
    assert (answer.status, len(answer.dropped), answer.changes_bound) == ("optimal", 1, 1)


def test_a_must_meet_that_waits_takes_what_is_free_and_nobody_s_place() -> None:
    """On standby, or left out before: it comes before others that wait, and after whatever is published."""
    people = tuple(Participant(name) for name in "abcdefgh")
    published, mandatory = Meeting("ab", ("a", "b")), Meeting("cd", ("c", "d"), mandatory=True)
    full = Problem(people, (published,), (Slot(1), Slot(2)), tables=1)
    before = [Placement("ab", 2, 1)]
    for problem, disruption in (
        (full, Disruption(standby=(mandatory,))),
        (replace(full, meetings=(published, mandatory)), Disruption()),
    ):
        answer = repair(problem, before, 2, disruption, SECONDS)
        assert (answer.dropped, answer.added, answer.status) == ((), (), "optimal")
    two = replace(full, tables=2, meetings=(published, Meeting("ef", ("e", "f")), mandatory))
    assert repair(two, before, 2, Disruption(), SECONDS).added == ("cd",)
    accepted = repair(full, before, 2, Disruption(accepted=(mandatory,)), SECONDS)
    assert (accepted.dropped, accepted.added) == (("ab",), ("cd",))


def crowded() -> tuple[Problem, list[Placement]]:
    """A full hall: nine hundred meetings wait for a place, far more than a model could hold in the time of a repair."""
    hall = large_event(people=400, meetings=1500, slots=20, days=1, tables=30)
    first = repair(hall, [], 1, Disruption(), 1.0)
    assert len(first.placements) == 600
    return hall, list(first.placements)


def test_where_many_have_no_place_some_take_what_becomes_free() -> None:
    hall, before = crowded()
    people = {meeting.id: meeting.participants for meeting in hall.meetings}
    met = Counter(id for placed in before for id in people[placed.meeting_id])
    absent, freed = met.most_common(1)[0]
    answer = repair(hall, before, 1, Disruption({absent: frozenset(range(1, 21))}), 3.0)
    assert (len(answer.dropped), answer.moved, len(answer.added), answer.status) == (freed, (), freed, "optimal")
    assert not violated_constraints(disrupted(hall, Disruption({absent: frozenset(range(1, 21))}), 1, before), answer.placements)


def test_where_many_have_no_place_who_comes_late_still_moves() -> None:
    hall, before = crowded()
    people = {meeting.id: meeting.participants for meeting in hall.meetings}
    late = people[before[0].meeting_id][0]
    answer = repair(hall, before, 1, Disruption({late: frozenset({before[0].slot})}), 8.0)
    assert (answer.dropped, len(answer.placements)) == ((), 600)
    assert before[0].meeting_id in answer.moved


def test_meetings_of_a_slot_exchange_tables_for_one_that_waits() -> None:
    """Two groups fit only at tables at which pairs sit: each in its slot, and nobody has to be elsewhere at another time."""
    people = tuple(Participant(name) for name in "abcdefghij")
    meetings = (*DAY.meetings, Meeting("efg", ("e", "f", "g")), Meeting("hij", ("h", "i", "j"), mandatory=True))
    small = (Table(3, seats=2), Table(4, seats=2))
    hall = Problem(people, meetings, (Slot(1),), 4, special_tables=small)
    before = [Placement("ab", 1, 1), Placement("cd", 1, 2)]
    for limit in (SECONDS, 0.0):
        answer = repair(hall, before, 1, Disruption(), limit)
        assert (answer.moved, answer.reseated, answer.added) == ((), ("ab", "cd"), ("efg", "hij"))
        assert not violated_constraints(hall, answer.placements)
    single = repair(replace(hall, special_tables=small[:1], tables=3), before, 1, Disruption(), SECONDS)
    assert (single.added, len(single.reseated)) == (("hij",), 1)


def test_reasons_of_a_repair_name_no_breaks() -> None:
    people = (Participant("a"), Participant("b", min_gap=1), Participant("c"))
    hall = Problem(people, (Meeting("ab", ("a", "b")), Meeting("bc", ("b", "c"))), (Slot(1), Slot(2)), tables=1)
    (unplaced,) = repair(hall, [Placement("ab", 1, 1)], 1, Disruption(), SECONDS).unplaced
    assert english(unplaced.reason) == "A meeting of b and c would break the order of the meetings or the rests asked for."
    assert italian(unplaced.reason) == "Un incontro tra b e c non rispetterebbe l'ordine degli incontri o le pause richieste."


NAMES = [f"p{number:02d}" for number in range(13)]
ALL_PAIRS = tuple(Meeting("-".join(pair), pair) for pair in combinations(NAMES, 2))
"""Everybody wants to meet everybody in one slot too few, which counting does not tell: proven by nobody within seconds."""
EMPTY = Problem(tuple(map(Participant, NAMES)), (), tuple(map(Slot, range(1, 13))), tables=13)


def test_every_better_repair_is_reported() -> None:
    reported: list[tuple[int, int]] = []
    disruption = Disruption(accepted=ALL_PAIRS)
    answer = repair(EMPTY, [], 1, disruption, 2.0, progress_listener=lambda slots, breaks: reported.append((len(slots), breaks)))
    slots = {placed.meeting_id: placed.slot for placed in answer.placements}
    assert reported[-1] == (len(slots), count_breaks(replace(EMPTY, meetings=ALL_PAIRS), slots))
    placed = [number for number, _ in reported]
    assert placed == sorted(set(placed))


def test_a_cancelled_repair_ends_with_its_best_schedule() -> None:
    cancel = threading.Event()
    reported: list[int] = []

    def progress(slots: Mapping[str, int], _: int) -> None:
        reported.append(len(slots))
        cancel.set()

    began = time.monotonic()
    answer = repair(EMPTY, [], 1, Disruption(accepted=ALL_PAIRS), SECONDS, progress_listener=progress, cancel=cancel)
    assert time.monotonic() - began < SECONDS / 2
    assert (reported, answer.status) == ([len(answer.placements)], "feasible")
    assert violated_constraints(replace(EMPTY, meetings=ALL_PAIRS), answer.placements) == []


def test_reasons_name_slots_that_have_begun() -> None:
    people = (Participant("a"), Participant("b"), Participant("c", frozenset({1, 2})))
    meetings = (Meeting("ab", ("a", "b")), Meeting("ac", ("a", "c")), Meeting("abc", ("a", "b", "c"), session=2))
    problem = Problem(people, meetings, (Slot(1), Slot(2), Slot(3, session=2)), tables=1)
    before = repair(problem, [], 3, Disruption(), SECONDS)
    assert len(before.unplaced) == 2
    assert all("have begun" not in english(unplaced.reason) for unplaced in before.unplaced)
    after = repair(problem, [], 4, Disruption(), SECONDS)
    assert [english(unplaced.reason) for unplaced in after.unplaced] == [
        "The slots in which a and b are both free have begun.",
        "The slots in which a and c are both free have begun.",
        "The slots in session 2 in which a, b and c are all free have begun.",
    ]
    never = replace(problem, participants=(people[0], replace(people[1], unavailable=frozenset({1, 2, 3})), people[2]))
    answer = repair(never, [], 4, Disruption(), SECONDS)
    assert english(answer.unplaced[0].reason) == "a and b have no free slot in common."
