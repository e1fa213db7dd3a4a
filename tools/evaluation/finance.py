"""F2B: who invested in this start-up? Each start-up is a query against investors built from all other deals."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from distretti.importers.amounts import NotAnAmount, parse_amount
from distretti.importers.finance import COLUMNS, INVESTMENTS, STAGES, read_finance
from distretti.importers.import_line import Line, fold, slug
from distretti.importers.rows import csv_rows
from distretti.importers.sectors import SECTOR_TOPICS
from distretti.importers.topic_classifier import find_topics
from services.matching.projections.members import MemberRow
from services.matching.queries import member_of
from services.matching.ranking import Collaboration, Member, Need, Round, ShortlistIndex
from services.matching.ranking.arrays import Floats
from shared.chassis.documents import parse
from shared.contracts.base import Language
from tools.evaluation.metrics import measure

SEEKER = "asking"


@dataclass(frozen=True)
class Deals:
    """The rounds of a start-up: its investors, and the terms of the first known round."""

    investors: frozenset[str]
    stage: str
    amount: int | None


def evaluate_finance(directory: Path, advance: Callable[[], object] = lambda: None) -> tuple[int, Floats, Floats]:
    """The number of queries, and the measures of the ranking and of popularity (the number of an investor's other deals).

    Truth are the investors of a start-up that have another deal. Raises SourceMissing.
    """
    deals = _deals(directory)
    ranking, popularity = [], []
    for _, row in csv_rows(directory / "startups.csv.gz", ("name", "description", "sector"), lambda skipped: None):
        own_deals = deals.get(fold(row["name"]))
        if own_deals is None:
            continue
        lines = list(read_finance(directory, lambda skipped: None, without=row["name"]))
        operators = {_id(line.name): line for line in lines}
        truth = own_deals.investors & operators.keys()
        if not truth:
            continue
        members = [member_of(id, _row(line)) for id, line in operators.items()]
        collaborations = [
            Collaboration(name, tuple(deal.investors), name) for name, deal in deals.items() if name != fold(row["name"])
        ]
        index = ShortlistIndex([*members, _seeker(row, own_deals)], collaborations)
        ordered = [suggestion.partner for suggestion in index.shortlist(SEEKER, limit=len(members)).get("f2b", [])]
        count = {id: int(line.offers[0].text.split("start-ups: ")[1].split(".")[0]) for id, line in operators.items()}
        ranking.append(_measure(ordered, sorted(operators), truth))
        popularity.append(_measure(sorted(operators, key=lambda id: -count[id]), sorted(operators), truth))
        advance()
    return len(ranking), np.array(ranking), np.array(popularity)


def _measure(ordered: list[str], candidates: list[str], truth: frozenset[str]) -> Floats:
    place = {id: number for number, id in enumerate(candidates)}
    order = np.array([place[id] for id in ordered], dtype=np.int64)
    return measure(order, np.array([place[id] for id in truth]), np.zeros(len(candidates), dtype=np.bool_))


def _deals(directory: Path) -> dict[str, Deals]:
    joined: dict[str, set[str]] = defaultdict(set)
    terms: dict[str, tuple[str, int | None]] = {}
    for _, row in csv_rows(directory / INVESTMENTS, COLUMNS, lambda skipped: None):
        name = fold(row["startup_name"])
        joined[name].add(_id(row["investor_name"]))
        terms.setdefault(name, (row["round_stage"].strip(), _amount(row["amount"])))
    return {name: Deals(frozenset(investors), *terms[name]) for name, investors in joined.items()}


def _amount(text: str) -> int | None:
    try:
        return parse_amount(text)
    except NotAnAmount:
        return None


def _id(name: str) -> str:
    return slug(name)


def _row(line: Line) -> MemberRow:
    content = line.model_dump()
    return parse(MemberRow, {**content, "offers": {"o": content["offers"][0]}, "needs": {}, "status": "approved"})


def _seeker(row: dict[str, str], deals: Deals) -> Member:
    sectors = [sector.strip() for sector in row["sector"].split(",") if sector.strip()]
    named = [topic for sector in sectors for topic in SECTOR_TOPICS.get(sector, ())]
    topics = tuple(dict.fromkeys([*named, *find_topics(row["description"], limit=3)]))
    language: Language = "it" if fold(row["description"]).count(" di ") > 1 else "en"
    need = Need(
        "n", "capital", f"Capital for {', '.join(sectors)}", row["description"], language, topics,
        round=Round(STAGES.get(deals.stage), deals.amount),
    )  # fmt: skip
    return Member(SEEKER, row["name"], "innovative-startup", topics=frozenset(topics), summary=row["description"],
                  language=language, needs=(need,))  # fmt: skip
