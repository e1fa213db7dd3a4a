"""The best schedule of a tiny problem by trying everything. Shares nothing with the solver."""

from itertools import pairwise, product

from services.events.scheduling import Problem


def best(problem: Problem, all_placed: bool = False) -> tuple[int, int] | None:
    """(most meetings placed, fewest breaks with that many), or None when no assignment keeps the hard rules."""
    choices: list[list[int | None]] = []
    for meeting in problem.meetings:
        slots = [slot.number for slot in problem.slots if meeting.session in (None, slot.session)]
        if meeting.fixed is not None:
            choices.append([slot for slot in slots if slot == meeting.fixed])
        else:
            choices.append([*slots, *([] if all_placed else [None])])
    found = [score for assignment in product(*choices) if (score := _score(problem, assignment)) is not None]
    if not found:
        return None
    placed, breaks = max((placed, -breaks) for placed, breaks in found)
    return placed, -breaks


def _score(problem: Problem, assignment: tuple[int | None, ...]) -> tuple[int, int] | None:
    slots = {meeting.id: slot for meeting, slot in zip(problem.meetings, assignment, strict=True) if slot is not None}
    days: dict[str, list[int]] = {}
    for meeting in problem.meetings:
        if meeting.id not in slots:
            continue
        if any(earlier in slots and slots[earlier] >= slots[meeting.id] for earlier in meeting.after):
            return None
        for who in meeting.participants:
            days.setdefault(who, []).append(slots[meeting.id])
    for participant in problem.participants:
        mine = days.get(participant.id, [])
        if len(set(mine)) < len(mine) or participant.unavailable & set(mine):
            return None
    if any(list(slots.values()).count(slot) > problem.tables for slot in slots.values()):
        return None
    breaks = [sum(later - earlier > 1 for earlier, later in pairwise(sorted(mine))) for mine in days.values()]
    if breaks and max(breaks) - min(breaks) > problem.fairness:
        return None
    return len(slots), sum(breaks)
