"""Investors in Italian start-ups as financial operators, each with the capital offer its deals show.

Stages and sectors are those of the deals. The amounts known are those of whole rounds, so the ticket range, from the
smallest to the largest round joined, is an upper bound of what the investor put in. The source says no country of an
investor: they invest in Italian firms and are entered in Italy. The EIF list of funds is left out: many of its names are
damaged, it gives what the EIF put in a fund and not what the fund puts in a firm, and the managers of its Italian
venture funds are largely the investors already here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from distretti.importers.amounts import NotAnAmount, parse_amount
from distretti.importers.district_classifier import find_districts
from distretti.importers.import_line import Line, Report, Skipped, body, contact_at, fold, reasons, slug, tidy, title
from distretti.importers.rows import csv_rows
from distretti.importers.sectors import SECTOR_TOPICS, WITHOUT_TOPIC
from distretti.importers.topic_classifier import find_topics
from shared.contracts.registry import Identifier, Offer, Place, Profile, Stage, Ticket

STAGES: dict[str, Stage] = {
    "Pre-Seed": "pre-seed",
    "Seed": "seed",
    "Series A": "early",
    "Series B": "growth",
    "Growth": "growth",
    "Series C": "later",
}
ORDER: tuple[Stage, ...] = ("pre-seed", "seed", "early", "growth", "later")
NOT_STATED = {"", "unknown", "undisclosed"}
INVESTMENTS = "investments.csv.gz"
COLUMNS = ("investor_name", "investor_type", "startup_name", "round_stage", "amount")


@dataclass
class Investor:
    """Aggregate of an investor's deals."""

    names: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    stages: set[Stage] = field(default_factory=set)
    amounts: list[int] = field(default_factory=list)
    firms: dict[str, None] = field(default_factory=dict)
    sectors: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    first_row: int = 0


@dataclass(frozen=True)
class Startup:
    """Sectors and topics of a start-up."""

    sectors: tuple[str, ...]
    topics: tuple[str, ...]


def read_finance(directory: Path, report: Report, without: str | None = None) -> Iterator[Line]:
    """Yield a line for every investor; skipped rows and values of the deals go to `report`.

    The deals of the start-up named `without` are ignored.
    """
    for investor in _investors(directory, report, without).values():
        try:
            yield _line(investor)
        except ValidationError as error:
            report(Skipped(INVESTMENTS, f"line {investor.first_row}", reasons(error)))


def _key(name: str) -> str:
    """A key for an investor's name: spellings differ in spaces and case only."""
    return "".join(sign for sign in fold(name) if sign.isascii() and sign.isalnum())


def _investors(directory: Path, report: Report, without: str | None) -> dict[str, Investor]:
    startups = _startups(directory, report)
    investors: dict[str, Investor] = {}
    for number, row in csv_rows(directory / INVESTMENTS, COLUMNS, report):
        location = f"line {number}"
        if without is not None and fold(row["startup_name"]) == fold(without):
            continue
        if not _key(row["investor_name"]):
            report(Skipped(INVESTMENTS, location, "no investor is named"))
            continue
        investor = investors.setdefault(_key(row["investor_name"]), Investor(first_row=number))
        investor.names[tidy(row["investor_name"])] += 1
        investor.types[row["investor_type"]] += 1
        startup = startups.get(fold(row["startup_name"]))
        if startup is None:
            reason = f"start-up {row['startup_name']!r} is not in startups.csv.gz: its sectors are not counted"
            report(Skipped(INVESTMENTS, location, reason, whole_row=False))
        else:
            investor.firms[tidy(row["startup_name"])] = None
            investor.sectors.update(startup.sectors)
            investor.topics.update(startup.topics)
        _add_round(investor, row, location, report)
    return investors


def _add_round(investor: Investor, row: dict[str, str], location: str, report: Report) -> None:
    stage, amount = row["round_stage"].strip(), row["amount"].strip()
    if stage in STAGES:
        investor.stages.add(STAGES[stage])
    elif stage.casefold() not in NOT_STATED:
        report(Skipped(INVESTMENTS, location, f"round_stage {stage!r} is not known", whole_row=False))
    if amount.casefold() in NOT_STATED:
        return
    try:
        investor.amounts.append(parse_amount(amount))
    except NotAnAmount as error:
        report(Skipped(INVESTMENTS, location, f"amount: {error}", whole_row=False))


def _startups(directory: Path, report: Report) -> dict[str, Startup]:
    startups: dict[str, Startup] = {}
    file = "startups.csv.gz"
    for number, row in csv_rows(directory / file, ("name", "description", "sector"), report):
        sectors = tuple(sector.strip() for sector in row["sector"].split(",") if sector.strip())
        for sector in sectors:
            if sector not in SECTOR_TOPICS and sector not in WITHOUT_TOPIC:
                report(Skipped(file, f"line {number}", f"sector {sector!r} is not known", whole_row=False))
        named = [topic for sector in sectors for topic in SECTOR_TOPICS.get(sector, ())]
        topics = tuple(dict.fromkeys([*named, *find_topics(row["description"], limit=3)]))
        classified = tuple(sector for sector in sectors if sector in SECTOR_TOPICS)
        startups[fold(row["name"])] = Startup(classified, topics)
    return startups


def _line(investor: Investor) -> Line:
    name = investor.names.most_common(1)[0][0]
    topics = tuple(topic for topic, _ in investor.topics.most_common(10))
    sectors = ", ".join(sector for sector, _ in investor.sectors.most_common(8)) or "any sector"
    stages = tuple(stage for stage in ORDER if stage in investor.stages)
    firms = ", ".join(investor.firms)
    deals = f"Known deals with Italian start-ups: {investor.names.total()}. Invested in: {firms}."
    offer = Offer(
        nature="capital",
        title=title(f"Venture capital ({', '.join(stages) or 'any stage'}): {sectors}"),
        text=body(f"Sectors: {sectors}.", deals),
        language="en",
        topics=topics,
        ticket=Ticket(
            stages=stages,
            minimum=min(investor.amounts, default=None),
            maximum=max(investor.amounts, default=None),
        ),
    )
    return Line(
        name=name,
        kind="financial-operator",
        identifiers=(Identifier(scheme="register", value=f"finance:{slug(name)}"),),
        districts=find_districts("", topics, limit=4),
        place=Place(country="IT"),
        profile=Profile(summary=body(f"{name} invests in start-ups: {sectors}.", deals), language="en", topics=topics),
        offers=(offer,),
        contact=contact_at(slug(name)),
    )
