"""Italian university spin-offs as innovative start-ups, with their offers and needs.

Offers: the enabling technology; from TRL 8 on (system complete and qualified) also the product, named by its payoff.
Needs, by the kind of partner sought: investment is capital; an industrial partner or a licensee is a technology partner, a
grant partner a research partner; internationalisation and consulting are services, so products.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from distretti.importers.district_classifier import find_districts
from distretti.importers.import_line import Line, Report, Skipped, body, contact_at, reasons, tidy, title
from distretti.importers.rows import json_rows
from distretti.importers.topic_classifier import find_topics
from shared.contracts.human_text import shortened
from shared.contracts.registry import Identifier, Nature, Need, Offer, Place, Profile, Round, Stage

FINISHED = 8
LOOKING_FOR: dict[str, tuple[Nature, str]] = {
    "funding": ("capital", "Investment"),
    "industrial partner": ("technology", "Industrial partner"),
    "licensing": ("technology", "Licensee"),
    "grant-application-partner": ("research", "Partner for a grant application"),
    "internationalization": ("product", "Support to enter foreign markets"),
    "consulting": ("product", "Business consulting"),
}
STAGES: dict[str, Stage | None] = {
    "pre-seed": "pre-seed",
    "seed": "seed",
    "early-stage": "early",
    "grant": None,
    "other": None,
}
NOTHING_SAID = {"", "na", "n/a", "none", "null", "-"}


def read_spinoffs(file: Path, report: Report) -> Iterator[Line]:
    """Yield a line for every spin-off of a JSON Lines file; skipped rows and values go to `report`."""
    for number, row in json_rows(file, report):
        location = f"line {number}"
        try:
            line, unread = _line(row), _unread(row)
        except ValidationError as error:
            report(Skipped(file.name, location, reasons(error)))
        except (KeyError, TypeError, AttributeError) as error:
            report(Skipped(file.name, location, f"a field is missing or of another type: {error}"))
        else:
            for reason in unread:
                report(Skipped(file.name, location, reason, whole_row=False))
            yield line


def _line(row: dict[str, Any]) -> Line:
    key = f"spinoff:{_whole(row, 'id')}"
    names = [item["name"] for field in ("categories", "tags") for item in row[field] or ()]
    words = body(*(_text(row, field) for field in TEXTS), ", ".join(names))
    topics = find_topics(words, limit=6)
    return Line(
        name=shortened(_text(row, "name"), 300) or f"spin-off {row['id']}",
        kind="innovative-startup",
        identifiers=(Identifier(scheme="register", value=key),),
        districts=find_districts(words, topics),
        place=Place(country="IT"),
        profile=Profile(summary=body(_text(row, "abstract"), _text(row, "description")), language="en", topics=topics),
        offers=_offers(row, topics),
        needs=_needs(row, topics),
        contact=contact_at(f"spinoff-{row['id']}"),
    )


TEXTS = ("payoff", "abstract", "description", "enablingTechnologies", "mainApplications", "competitiveAdvantages")


def _text(row: dict[str, Any], field: str) -> str:
    text = tidy(row[field])
    return "" if text.casefold() in NOTHING_SAID else text


def _whole(row: dict[str, Any], field: str) -> int:
    if type(row[field]) is not int:
        raise TypeError(f"{field} is not a whole number")
    return int(row[field])


def _trl(row: dict[str, Any]) -> int | None:
    return row["trl"]["value"] if row["trl"] else None


def _offers(row: dict[str, Any], topics: tuple[str, ...]) -> tuple[Offer, ...]:
    trl = _trl(row)
    payoff, applications = _text(row, "payoff"), _text(row, "mainApplications")
    technology = _text(row, "enablingTechnologies") or payoff
    finished = trl is not None and trl >= FINISHED and technology != payoff
    offers = [
        Offer(
            nature="technology",
            title=title(technology),
            text=body(_text(row, "description"), _text(row, "competitiveAdvantages"), "" if finished else applications),
            language="en",
            topics=topics,
            trl=trl,
        )
    ]
    if finished:
        text = body(applications, _text(row, "targetCustomers"))
        offers.append(Offer(nature="product", title=title(payoff), text=text, language="en", topics=topics, trl=trl))
    return tuple(offers)


def _needs(row: dict[str, Any], topics: tuple[str, ...]) -> tuple[Need, ...]:
    needs = []
    for item in row["lookingFor"]:
        if item["value"] not in LOOKING_FOR:
            continue
        nature, purpose = LOOKING_FOR[item["value"]]
        needs.append(
            Need(
                nature=nature,
                title=title(f"{purpose}: {_text(row, 'payoff')}"),
                text=body(_text(row, "abstract"), _text(row, "mainApplications"), _text(row, "targetCustomers")),
                language="en",
                topics=topics,
                trl=_trl(row),
                round=Round(stage=STAGES.get(row["fundingStage"]["value"])) if nature == "capital" else None,
            )
        )
    return tuple(needs)


def _unread(row: dict[str, Any]) -> list[str]:
    reasons = [
        f"lookingFor {item['value']!r} is not known: no need is made of it"
        for item in row["lookingFor"]
        if item["value"] not in LOOKING_FOR
    ]
    if row["fundingStage"]["value"] not in STAGES:
        reasons.append(f"fundingStage {row['fundingStage']['value']!r} is not known: the stage is left open")
    return reasons
