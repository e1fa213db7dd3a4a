"""Which faults are injected, where and when: drawn from a seed before the run. Pure."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

INFRASTRUCTURE = ("mongod", "kafka")
LONGEST_GAP_SECONDS = 2.0


@dataclass(frozen=True)
class Fault:
    """One fault. `target` is a process, a service or a topic; `gap` is a pause before it in seconds.

    `seed` drives its own random choices, such as which records are copied.
    """

    kind: str
    target: str
    gap: float
    seed: int
    label: str
    """The name under which its recovery is reported."""


@dataclass(frozen=True)
class Targets:
    """Possible targets: services (one of them, `replicated`, runs twice) and topics."""

    services: tuple[str, ...]
    replicated: str
    topics: tuple[str, ...]


Choice = tuple[str, str, Callable[[random.Random], str]]
"""A kind of fault, its label, and a function that draws its target."""


def choices(targets: Targets) -> list[Choice]:
    """Every possible kind of fault."""
    processes = (*targets.services, *INFRASTRUCTURE)
    process_faults = [(kind, f"{kind} {name}", _always(name)) for kind in ("kill", "pause") for name in processes]
    return [
        *process_faults,
        ("rebalance", "rebalance", _always(targets.replicated)),
        ("lease", "lease lost", _any_of((targets.replicated, *targets.services))),
        ("duplicate", "duplicated records", _any_of(targets.topics)),
        ("reorder", "re-ordered records", _any_of(targets.topics)),
        ("rewind", "group rewound", _any_of(targets.services)),
    ]


def make_schedule(faults: int, seed: int, targets: Targets, only: Sequence[str] = ()) -> tuple[Fault, ...]:
    """Draw `faults` faults; the same arguments give the same ones. `only` restricts the kinds.

    Every choice is drawn once per round, in an order that is drawn anew for each round.
    """
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    possible = [choice for choice in choices(targets) if not only or choice[0] in only]
    drawn: list[Fault] = []
    while len(drawn) < faults:
        for kind, label, target in draw.sample(possible, len(possible)):
            gap = round(draw.uniform(0, LONGEST_GAP_SECONDS), 3)
            drawn.append(Fault(kind, target(draw), gap, draw.getrandbits(32), label))
    return tuple(drawn[:faults])


def _always(name: str) -> Callable[[random.Random], str]:
    return lambda _: name


def _any_of(names: Sequence[str]) -> Callable[[random.Random], str]:
    return lambda draw: draw.choice(names)
