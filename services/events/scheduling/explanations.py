"""Why meetings cannot be scheduled, as texts for the organiser. Found by counting, without a solver."""

from collections import Counter
from collections.abc import Iterator, Mapping

from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.tables.eligibility import TableEligibility
from shared.chassis.texts import Message, text

Names = Mapping[str, str]
MAX_NAMED = 3
"""Participants of a group that a reason names; the others are counted, so that a reason keeps within its length."""


def fixed_conflicts(problem: Problem, names: Names) -> tuple[Message, ...]:
    """Every pair of hard constraints on fixed meetings that contradict each other."""
    reasons: list[Message] = []
    fixed = [meeting for meeting in problem.meetings if meeting.fixed_slot is not None]
    slot_of = {meeting.id: meeting.fixed_slot for meeting in fixed}
    for meeting in fixed:
        reasons.extend(_slot_conflicts(problem, meeting, names))
        for predecessor in meeting.predecessors:
            earlier, slot = slot_of.get(predecessor), slot_of[meeting.id]
            if earlier is not None and slot is not None and earlier >= slot:
                reasons.append(_wrong_order(problem, meeting, predecessor, names))
    attendance = Counter((participant_id, meeting.fixed_slot) for meeting in fixed for participant_id in meeting.participants)
    for (participant_id, slot), count in attendance.items():
        if count > 1:
            reasons.append(text("schedule-several-fixed", name=_name(names, participant_id), count=count, slot=slot))
    for slot, count in Counter(meeting.fixed_slot for meeting in fixed).items():
        if count > problem.tables:
            reasons.append(text("schedule-fixed-beyond-tables", count=count, slot=slot, tables=problem.tables))
    return tuple(reasons)


def shortages(problem: Problem, names: Names) -> tuple[Message, ...]:
    """Why not every meeting can be placed, by counting alone: one reason per participant, one for the tables."""
    reasons = [reason for participant in problem.participants if (reason := _too_many(problem, participant.id, names)) is not None]
    capacity = _capacity(problem)
    if len(problem.meetings) > capacity:
        reasons.append(_too_few_places(problem, capacity))
    eligibility = TableEligibility(problem)
    reasons.extend(
        reason for meeting in problem.meetings if (reason := _impossible(problem, eligibility, meeting, names)) is not None
    )
    return tuple(reasons)


def why_unplaced(
    problem: Problem,
    meeting: Meeting,
    slots: Mapping[str, int],
    proven: bool,
    names: Names,
    begun: frozenset[int] | None = None,
) -> Message:
    """Why this meeting has no slot beside those in `slots`. `proven`: no schedule places more meetings.

    `begun` are the slots of a repair that have begun and are no longer possible; a repair does not keep the fairness cap.
    """
    is_repair, begun = begun is not None, begun or frozenset()
    impossible = _impossible(problem, TableEligibility(problem), meeting, names, begun)
    if impossible is not None:
        return impossible
    for participant_id in meeting.participants:
        reason = _too_many(problem, participant_id, names)
        if reason is not None:
            return reason
    capacity = _capacity(problem)
    if len(problem.meetings) > capacity:
        return _too_few_places(problem, capacity)
    people = _people(meeting, names)
    if not proven:
        return text("schedule-no-slot-in-time", people=people)
    if not _has_opening(problem, meeting, slots, begun):
        return text("schedule-all-slots-taken", people=people)
    if is_repair:
        return text("schedule-order-or-rests", people=people)
    return text("schedule-order-rests-or-fairness", people=people, fairness=problem.fairness)


def no_schedule(problem: Problem, all_placed: bool) -> Message:
    """The reason where the solver proves that there is no schedule and no simple count explains it."""
    meetings = text("schedule-all-meetings", count=len(problem.meetings)) if all_placed else text("schedule-fixed-meetings")
    return text("schedule-infeasible", meetings=meetings, tables=problem.tables, fairness=problem.fairness)


def _slot_conflicts(problem: Problem, meeting: Meeting, names: Names) -> Iterator[Message]:
    """The reasons why a meeting cannot be in its fixed slot."""
    slot = meeting.fixed_slot
    for participant_id in meeting.participants:
        if slot in problem.unavailable[participant_id]:
            yield text("schedule-unavailable-when-fixed", name=_name(names, participant_id), slot=slot)
    if slot is not None and meeting.session not in (None, problem.slots[slot - 1].session):
        yield text("schedule-fixed-outside-session", people=_people(meeting, names), slot=slot, session=meeting.session)


def _wrong_order(problem: Problem, meeting: Meeting, predecessor_id: str, names: Names) -> Message:
    predecessor = next(candidate for candidate in problem.meetings if candidate.id == predecessor_id)
    first, second = (" – ".join(_name(names, person) for person in pair.participants) for pair in (predecessor, meeting))
    return text(
        "schedule-fixed-out-of-order",
        first=first,
        second=second,
        first_slot=predecessor.fixed_slot,
        second_slot=meeting.fixed_slot,
    )


def _too_many(problem: Problem, participant_id: str, names: Names) -> Message | None:
    """More meetings than a participant has free slots, over the event or in one session; or more than its limit."""
    free = [slot for slot in problem.slots if slot.number not in problem.unavailable[participant_id]]
    meetings = problem.meetings_of[participant_id]
    name = _name(names, participant_id)
    if len(meetings) > len(free):
        return _too_few_free_slots(name, len(meetings), len(free), None)
    limit = problem.participant_by_id[participant_id].max_meetings
    if limit is not None and len(meetings) > limit:
        # It may be a share of an organisation's limit: what its other representatives and its appointments leave.
        accepted = text("schedule-accepted-meetings", n=len(meetings))
        if not limit:
            return text("schedule-limit-reached", name=name, meetings=accepted)
        return text("schedule-above-limit", name=name, meetings=accepted, limit=limit)
    for session in sorted({meeting.session for meeting in meetings if meeting.session is not None}):
        bound_to_session = sum(meeting.session == session for meeting in meetings)
        free_in_session = sum(slot.session == session for slot in free)
        if bound_to_session > free_in_session:
            return _too_few_free_slots(name, bound_to_session, free_in_session, session)
    return None


def _too_few_free_slots(name: str, meetings: int, free: int, session: int | None) -> Message:
    return text(
        "schedule-too-few-free-slots",
        name=name,
        meetings=text("schedule-accepted-meetings", n=meetings),
        free=text("schedule-free-slots", n=free),
        session=_in_session(session),
    )


def _capacity(problem: Problem) -> int:
    """The tables of all slots, without closed ones."""
    return problem.tables * len(problem.slots) - sum(len(table.closed_slots) for table in problem.special_tables)


def _too_few_places(problem: Problem, capacity: int) -> Message:
    count, tables, slots = len(problem.meetings), problem.tables, len(problem.slots)
    closed = tables * slots - capacity
    closed_tables = text("schedule-closed-tables", count=closed) if closed else ""
    return text("schedule-too-few-places", count=count, capacity=capacity, slots=slots, tables=tables, closed_tables=closed_tables)


def _impossible(
    problem: Problem, eligibility: TableEligibility, meeting: Meeting, names: Names, begun: frozenset[int] = frozenset()
) -> Message | None:
    """Why a meeting would have no place even if it were the only one."""
    people, session = _people(meeting, names), _in_session(meeting.session)
    available = problem.available_slots(meeting)
    if not available:
        return text("schedule-no-common-slot", people=people, session=session)
    if begun.issuperset(available):
        quantity = text("schedule-both") if len(meeting.participants) == 2 else text("schedule-all")
        return text("schedule-slots-begun", people=people, session=session, quantity=quantity)
    if begun.issuperset(eligibility.slots(meeting)):
        return text("schedule-no-fitting-table", people=people, session=session)
    return None


def _has_opening(problem: Problem, meeting: Meeting, slots: Mapping[str, int], begun: frozenset[int]) -> bool:
    """Whether a slot that has not begun has a table in which all participants are free, given these slots."""
    eligibility = TableEligibility(problem)
    busy = {
        slots[attended.id]
        for participant_id in meeting.participants
        for attended in problem.meetings_of[participant_id]
        if attended.id in slots
    }
    pools = [pool for pool in eligibility.pools() if meeting in pool.meetings]
    used = Counter(
        (number, slots[member.id]) for number, pool in enumerate(pools) for member in pool.meetings if member.id in slots
    )
    return any(
        slot not in busy | begun and all(used[number, slot] < pool.capacity[slot] for number, pool in enumerate(pools))
        for slot in eligibility.slots(meeting)
    )


def _in_session(session: int | None) -> Message | str:
    return "" if session is None else text("schedule-in-session", session=session)


def _name(names: Names, participant_id: str) -> str:
    return names.get(participant_id, participant_id)


def _people(meeting: Meeting, names: Names) -> Message:
    """The names of the participants as a list; of a large group, a few names and a number."""
    named = [_name(names, participant_id) for participant_id in meeting.participants]
    if len(named) > MAX_NAMED + 1:
        return text("schedule-people-and-others", people=", ".join(named[:MAX_NAMED]), count=len(named) - MAX_NAMED)
    return text("schedule-people", people=", ".join(named[:-1]), last=named[-1])
