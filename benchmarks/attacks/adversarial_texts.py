"""Questions and other texts of up to 30 kB that are slow to take apart: one member sends two a second.

One question of "…" once held up all answers for 13 seconds of the processor.
"""

from functools import partial

from benchmarks.attacks import side_by_side
from benchmarks.attacks.attacked_system import AttackedSystem, attacked_system
from benchmarks.attacks.bursts import Prepared, bursts
from benchmarks.attacks.connection import request
from benchmarks.attacks.ordinary_requests import application, of_matching, of_registry_and_events
from benchmarks.attacks.side_by_side import OrdinaryCaller
from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row

LONGEST, PAUSE = 9990, 0.5
PIECES = (
    "…",
    "a",
    ".",
    "-",
    " a",
    "a.",
    "1",
    "1,",
    "'",
    "a' ",
    "(",
    "é",
    "e\u0301",
    "\u0301",
    "ﷺ",
    "ﬃ",
    "A",
    "S.r.l. ",
    "di ",
    "http://",
    "a@",
    "& ",
    "研",
    "\u200b",
    "\n",
    "x\t",
    "İ",
    "ß",
)
STEPS = 2 * side_by_side.STEPS


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Measure questions beside another member's, and texts of members beside an ordinary reader's of the registry."""
    async with attacked_system(fixtures, "texts") as system:
        attacks = {
            "questions": (_questions(system), of_matching(system, system.members[0])),
            "profiles": (_profiles(system), of_registry_and_events(system, "texts")),
        }
        rows: list[Row] = []
        for name, (prepared, ordinary) in attacks.items():
            rows += await side_by_side.side_by_side(
                f"adversarial texts, {name}",
                system,
                OrdinaryCaller(system.gateway, ordinary),
                partial(bursts, prepared, 1, PAUSE),
                ("matching", "registry"),
                tick,
            )
    return rows


def _texts() -> list[str]:
    return [(piece * LONGEST)[:LONGEST] for piece in PIECES]


def _questions(system: AttackedSystem) -> list[Prepared]:
    asker = system.members[1]
    token = system.token(asker, member=asker)
    return [(system.gateway, request("POST", "/matching/v1/answers", token, {"text": text})) for text in _texts()]


def _profiles(system: AttackedSystem) -> list[Prepared]:
    """Applications with each text as summary and, as long as it may be, as name and offer."""
    token = system.token("anybody")
    bodies = (
        {
            **application(f"text {number}"),
            "name": text[:200],
            "profile": {"summary": text[:4000], "topics": []},
            "offers": [{"nature": "product", "title": text[:200], "text": text}],
        }
        for number, text in enumerate(_texts())
    )
    return [(system.gateway, request("POST", "/registry/v1/members", token, body)) for body in bodies]
