"""Which faults happen, to whom, and when: decided by a seed before anything runs. Pure."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

INFRASTRUCTURE = ("mongod", "kafka")
LONGEST_GAP_SECONDS = 2.0


@dataclass(frozen=True)
class Fault:
    """One fault. `target` is a process, a service or a topic; `gap` seconds of quiet come before it.

    `seed` decides what is left to decide while it happens, such as which records are copied.
    """

    kind: str
    target: str
    gap: float
    seed: int
    label: str
    """Under what its recovery is reported."""


@dataclass(frozen=True)
class Field:
    """What there is to break: services (one of them, `replicated`, runs twice) and topics."""

    services: tuple[str, ...]
    replicated: str
    topics: tuple[str, ...]


Choice = tuple[str, str, Callable[[random.Random], str]]
"""A kind of fault, its label, and how its target is drawn."""


def choices(field: Field) -> list[Choice]:
    """List every kind of fault that is possible."""
    processes = (*field.services, *INFRASTRUCTURE)
    one = [(kind, f"{kind} {name}", _always(name)) for kind in ("kill", "pause") for name in processes]
    return [
        *one,
        ("rebalance", "rebalance", _always(field.replicated)),
        ("lease", "lease lost", _any_of((field.replicated, *field.services))),
        ("duplicate", "duplicated records", _any_of(field.topics)),
        ("reorder", "re-ordered records", _any_of(field.topics)),
        ("rewind", "group rewound", _any_of(field.services)),
    ]


def make_schedule(faults: int, seed: int, field: Field, only: Sequence[str] = ()) -> tuple[Fault, ...]:
    """Draw `faults` faults; the same arguments give the same ones. `only` keeps to some kinds.

    Every choice comes once before any comes again, in an order that the seed draws anew each time round.
    """
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    possible = [choice for choice in choices(field) if not only or choice[0] in only]
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
