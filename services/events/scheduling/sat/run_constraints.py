"""Run constraints: a participant without a break meets in one run of consecutive slots, and only some runs are feasible."""

from collections.abc import Collection, Mapping, Sequence

from services.events.scheduling.sat.cnf import Formula


def feasible_runs(slots_of_meetings: Sequence[Collection[int]]) -> list[range]:
    """The runs of slots that can hold all meetings of a participant without a hole, given the slots of each meeting."""
    starts = sorted(set().union(*slots_of_meetings))
    runs = (range(first, first + len(slots_of_meetings)) for first in starts)
    return [run for run in runs if _holds_all(run, slots_of_meetings)]


def add_run_constraints(
    formula: Formula, slots_of_meetings: Sequence[Collection[int]], busy: Mapping[int, int], has_break: int
) -> None:
    """Add that a participant has a break (the literal `has_break`), or is `busy` exactly in the slots of one feasible run.

    The solver would otherwise refute each run by search; so it only decides when the participant begins.
    """
    runs = feasible_runs(slots_of_meetings)
    chosen = [formula.new() for _ in runs]
    formula.add(has_break, *chosen)
    formula.clauses += [[-literal, -has_break] for literal in chosen]
    for slot, literal in busy.items():
        in_run = [slot in run for run in runs]
        if all(in_run):
            formula.add(has_break, literal)
        elif not any(in_run):
            formula.add(has_break, -literal)
        else:
            formula.clauses += [
                [-run_chosen, literal if is_in else -literal] for run_chosen, is_in in zip(chosen, in_run, strict=True)
            ]


def _holds_all(run: range, slots_of_meetings: Sequence[Collection[int]]) -> bool:
    """Whether each meeting can have a slot of its own in this run: a bipartite matching by augmenting paths."""
    meeting_in: dict[int, int] = {}

    def place(meeting: int, visited: set[int]) -> bool:
        for slot in slots_of_meetings[meeting]:
            if slot in run and slot not in visited:
                visited.add(slot)
                if slot not in meeting_in or place(meeting_in[slot], visited):
                    meeting_in[slot] = meeting
                    return True
        return False

    return all(place(meeting, set()) for meeting in range(len(slots_of_meetings)))
