"""Tuscan organisations of CORDIS (EU research projects, FP7 to Horizon Europe) as members of the districts.

What the source does not say is read as follows.
Kind: a company (PRC) is a small or medium firm unless the source says it is not (`sme` No); universities, research
bodies (HES, REC) and public bodies (PUB) are research organisations, the kind nearest to what they do in a project; OTH
and organisations without a type are classified by the legal form in their name: a company's form makes a small or medium firm.
Offers: an organisation offers what it did in its projects; the 50 most recent ones, undated ones last.
Needs: nobody declares one. A project begun in 2023 or later is work under way, whose results a firm deepens with
research and a research body brings to use with firms: the three most recent become needs that say so in their text.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from distretti.importers.cordis_tables import Project, load_tables
from distretti.importers.district_classifier import find_districts
from distretti.importers.import_line import MOST_OFFERS, Line, Report, Skipped, body, contact_at, reasons, slug, tidy, title
from distretti.importers.topic_classifier import find_topics
from shared.contracts.human_text import shortened
from shared.contracts.registry import Identifier, Kind, Nature, Need, Offer, Place, Profile

RECENT = "2023-01-01"
MOST_DERIVED_NEEDS = 3
COMPANY = re.compile(
    r"\b(?:s\.?\s?r\.?\s?l|s\.?\s?p\.?\s?a|s\.?n\.?c|societa a responsabilita|societa per azioni)\b", re.IGNORECASE
)

EUROPEAN_UNION = {"EL": "GR", "UK": "GB"}
"""Codes of the source for two countries, and those of ISO 3166."""
PIC = re.compile(r"[0-9]{9}")
PROVINCE = re.compile(r" (?:\([A-Za-z]{2}\)|[A-Z][A-Za-z])$")


def read_cordis(directory: Path, report: Report) -> Iterator[Line]:
    """Yield a line for every Tuscan organisation; skipped rows and values go to `report`."""
    tables = load_tables(directory, report)
    for number, row in tables.organisations:
        projects = [tables.projects[key] for key in tables.joined[row["pic"]] if key in tables.projects]
        try:
            yield _line(row, projects)
        except ValidationError as error:
            report(Skipped("organisations.csv.gz", f"line {number}", reasons(error)))
        if len(projects) > MOST_OFFERS:
            reason = f"a member has at most {MOST_OFFERS} offers: none is made of its {len(projects) - MOST_OFFERS} oldest projects"
            report(Skipped("organisations.csv.gz", f"line {number}", reason, whole_row=False))


def _line(row: dict[str, str], projects: list[Project]) -> Line:
    name, kind = tidy(row["name"]), _kind(row)
    recent = sorted(projects, key=lambda project: (project.start, project.title), reverse=True)
    distinct = _distinct(recent)
    counts = Counter(topic for project in recent for topic in project.topics)
    topics = tuple(topic for topic, _ in counts.most_common(8)) or find_topics(name)
    words = " ".join([name, *(project.words for project in recent)])
    pic = row["pic"]
    return Line(
        name=shortened(name, 300),
        kind=kind,
        identifiers=(_identifier(pic),),
        districts=find_districts(words, topics),
        place=Place(country=_country(row["country"]), nuts3=row["nuts3"] or None, city=_city(row["city"])),
        profile=Profile(summary=_summary(name, row, recent), language="en", topics=topics, website=_website(row["url"])),
        offers=tuple(_offer(project, kind) for project in distinct[:MOST_OFFERS]),
        needs=tuple(_need(project, kind) for project in distinct[:MOST_DERIVED_NEEDS] if project.start >= RECENT),
        contact=contact_at(f"{slug(name)}-{pic[:9]}"),
    )


def _distinct(projects: list[Project]) -> list[Project]:
    """The first project of each title: a second grant for a project is no second offer."""
    by_title: dict[str, Project] = {}
    for project in projects:
        by_title.setdefault(project.title, project)
    return list(by_title.values())


def _kind(row: dict[str, str]) -> Kind:
    activity = row["activity_type"]
    if activity == "PRC":
        return "large-firm" if row["sme"] == "No" else "sme"
    if activity in ("HES", "REC", "PUB"):
        return "research-organisation"
    return "sme" if COMPANY.search(row["name"]) else "research-organisation"


def _identifier(pic: str) -> Identifier:
    """A PIC has nine digits; older rows carry a hash in its place, which identifies within CORDIS only."""
    if PIC.fullmatch(pic):
        return Identifier(scheme="pic", value=pic)
    return Identifier(scheme="register", value=f"cordis:{pic}" if pic else "")


def _summary(name: str, row: dict[str, str], projects: list[Project]) -> str:
    short = tidy(row["short_name"])
    alias = f" ({short})" if short and short != name else ""
    if not projects:
        return f"{name}{alias}: known to CORDIS, no project in this data set."
    titles = "; ".join(project.title for project in projects[:5])
    count = "one EU research project" if len(projects) == 1 else f"{len(projects)} EU research projects"
    return body(f"{name}{alias} took part in {count}, lately: {titles}.")


def _country(code: str) -> str:
    return EUROPEAN_UNION.get(code, code)


def _city(city: str) -> str | None:
    """A city's name without the province that some rows add: `PONTEDERA PI`, `Cascina (PI)`."""
    city = PROVINCE.sub("", tidy(city))
    return (city.title() if city.isupper() else city) or None


def _website(url: str) -> str | None:
    url = url.strip()
    if not url or len(url) > 290:
        return None
    return url if "://" in url else f"http://{url}"


def _offer(project: Project, kind: Kind) -> Offer:
    nature: Nature = "research" if kind == "research-organisation" else "technology"
    return Offer(nature=nature, title=project.title, text=project.text, language="en", topics=project.topics)


def _need(project: Project, kind: Kind) -> Need:
    firm = kind != "research-organisation"
    purpose = "Research partners to deepen" if firm else "Industrial partners to bring to use"
    origin = f"Derived from a project begun on {project.start}, not declared by the organisation."
    return Need(
        nature="research" if firm else "technology",
        title=title(f"{purpose}: {project.title}"),
        text=body(shortened(project.text, 3800), origin),
        language="en",
        topics=project.topics,
    )
