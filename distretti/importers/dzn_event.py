"""A published scheduling instance (Bofill et al., JAIR 74, 2022) as requests of the API. All its organisations are invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from distretti.importers.dzn_file import text_of
from distretti.importers.import_line import Line, contact_at, slug
from services.events.scheduling.dzn import parse_dzn
from services.events.scheduling.problem import Participant, Problem
from shared.contracts.registry import Identifier, Place, Profile

DISTRICT: Final = "new-materials"
ZONE: Final = ZoneInfo("Europe/Rome")
MORNING, AFTERNOON = time(9), time(14, 30)
SLOT, CHANGEOVER, LUNCH = timedelta(minutes=20), timedelta(minutes=5), timedelta(hours=1)
TRADES: Final = ("Officine", "Laboratori", "Tessiture", "Fonderie", "Cantieri", "Vetrerie", "Cartiere", "Meccaniche", "Ottiche")
PLACES: Final = (
    "dell'Arno",
    "del Serchio",
    "dell'Elsa",
    "della Sieve",
    "del Bisenzio",
    "dell'Ombrone",
    "della Magra",
    "del Cecina",
)


@dataclass(frozen=True)
class Instance:
    """Request bodies: a brokerage event with its own id, a member and a registration per participant, pairs that meet.

    Participants are named by their number in the file. `unsupported` lists constraints of the file that the API lacks.
    """

    brokerage_event: dict[str, Any]
    members: dict[str, Line]
    unavailable: dict[str, list[int]]
    pairs: tuple[tuple[str, str], ...]
    unsupported: tuple[str, ...]


def read_b2b(file: Path, day: date, fairness: int = 2) -> Instance:
    """Read an instance. The same file gives the same ids and names. Raises ProblemError."""
    problem = parse_dzn(text_of(file), fairness)
    name = slug(file.name.removesuffix(".dzn"))
    pairs = tuple(dict.fromkeys(_pair(meeting.participants) for meeting in problem.meetings))
    return Instance(
        brokerage_event={
            "id": f"b2b-{name}",
            "title": {"it": f"Incontri dell'istanza {name}", "en": f"Meetings of the instance {name}"},
            "districts": [DISTRICT],
            "modes": ["b2b"],
            "venue": "Sala delle prove",
            "timezone": ZONE.key,
            "slots": _slots(problem, day),
            "tables": problem.tables,
            "fairness": problem.fairness,
        },
        members={participant.id: _line(participant, name) for participant in problem.participants},
        unavailable={participant.id: sorted(participant.unavailable) for participant in problem.participants},
        pairs=pairs,
        unsupported=tuple(_unsupported(problem, len(pairs))),
    )


def _pair(participants: tuple[str, ...]) -> tuple[str, str]:
    first, second = sorted(participants, key=int)
    return first, second


def _line(participant: Participant, instance: str) -> Line:
    number = int(participant.id)
    trade, place = TRADES[number % len(TRADES)], PLACES[number // len(TRADES) % len(PLACES)]
    return Line(
        name=f"{trade} {place} {number} ({instance})",
        kind="sme",
        identifiers=(Identifier(scheme="register", value=f"b2b:{instance}.{number}"),),
        districts=(DISTRICT,),
        place=Place(country="IT"),
        profile=Profile(summary="Organizzazione inventata per una prova."),
        contact=contact_at(f"b2b-{instance}-{number}"),
    )


def _slots(problem: Problem, day: date) -> list[dict[str, Any]]:
    """Times of the slots on one day: the first session from nine, the second after lunch."""
    at = datetime.combine(day, MORNING, ZONE)
    slots: list[dict[str, Any]] = []
    for slot in problem.slots:
        if slots and slots[-1]["session"] != slot.session:
            at = max(at + LUNCH, datetime.combine(day, AFTERNOON, ZONE))
        ends = at + SLOT
        slots.append({"number": slot.number, "session": slot.session, "starts": at.isoformat(), "ends": ends.isoformat()})
        at = ends + CHANGEOVER
    return slots


def _unsupported(problem: Problem, pairs: int) -> list[str]:
    """Counts of the constraints that a meeting request cannot express."""
    sessions = sum(meeting.session is not None for meeting in problem.meetings)
    fixed = sum(meeting.fixed_slot is not None for meeting in problem.meetings)
    ordered = sum(len(meeting.predecessors) for meeting in problem.meetings)
    repeated = len(problem.meetings) - pairs
    counts = (
        (sessions, "meetings tied to one session"),
        (fixed, "meetings fixed in a slot"),
        (ordered, "orders between two meetings"),
        (repeated, "further meetings of the same two"),
    )
    return [f"{constraint}: {count}" for count, constraint in counts if count]
