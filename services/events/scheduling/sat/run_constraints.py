"""Somebody without a break meets in one run of slots: which runs these can be, said directly."""

from collections.abc import Collection, Mapping, Sequence

from services.events.scheduling.sat.cnf import Formula


def runs_of(choices: Sequence[Collection[int]]) -> list[range]:
    """The runs of slots in which somebody can have all their meetings without a hole, given the slots of each meeting."""
    starts = sorted(set().union(*choices))
    return [run for first in starts if _holds(run := range(first, first + len(choices)), choices)]


def add_runs(formula: Formula, choices: Sequence[Collection[int]], busy: Mapping[int, int], broken: int) -> None:
    """Add that somebody with these meetings has a break, which `broken` says, or is `busy` in the slots of one run and no others.

    The solver would have to find out for each run by trying: with this it decides when somebody begins.
    """
    runs = runs_of(choices)
    chosen = [formula.new() for _ in runs]
    formula.add(broken, *chosen)
    formula.clauses += [[-literal, -broken] for literal in chosen]
    for slot, literal in busy.items():
        inside = [slot in run for run in runs]
        if all(inside):
            formula.add(broken, literal)
        elif not any(inside):
            formula.add(broken, -literal)
        else:
            formula.clauses += [[-one, literal if is_in else -literal] for one, is_in in zip(chosen, inside, strict=True)]


def _holds(run: range, choices: Sequence[Collection[int]]) -> bool:
    """Can each meeting have a slot of its own in this run? One after the other; those before make room."""
    taken: dict[int, int] = {}

    def place(meeting: int, asked: set[int]) -> bool:
        for slot in choices[meeting]:
            if slot in run and slot not in asked:
                asked.add(slot)
                if slot not in taken or place(taken[slot], asked):
                    taken[slot] = meeting
                    return True
        return False

    return all(place(meeting, set()) for meeting in range(len(choices)))
