"""Exposure: who appears in shortlists, and the cost in relevance of spreading it, with and without the weight of demand."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from distretti.importers.cordis import read_cordis
from distretti.importers.import_line import Line
from distretti.importers.spinoffs import read_spinoffs
from services.matching.projections.members import MemberRow
from services.matching.queries import member_of
from services.matching.ranking import Member, ShortlistIndex, Suggestion
from services.matching.ranking.arrays import Floats
from services.matching.ranking.corpus.profile import SMALL
from services.matching.ranking.rules.features import Rule
from services.matching.ranking.scoring import RULES
from shared.chassis.documents import parse
from shared.contracts.matching import Mode

# The importer needs this file for the topics of projects.
FIELDS = "euroscivoc_by_project.csv.gz"
SPINOFFS = "spinoffs.jsonl.gz"
FIRST = 10


def evaluate_lists(tables: Path, spinoffs: Path | None) -> list[dict[str, Any]]:
    """Rank the demo's members against each other; a row for each mode, without and with the weight of demand."""
    lines = [*read_cordis(tables, lambda skipped: None)]
    if spinoffs:
        lines += read_spinoffs(spinoffs / SPINOFFS, lambda skipped: None)
    members = [_member(number, line) for number, line in enumerate(lines)]
    blind = {mode: replace(rule, weights={**rule.weights, "seldom_shown": 0.0}) for mode, rule in RULES.items()}
    return [row for named, rules in (("no", blind), ("yes", RULES)) for row in exposure(members, named, rules)]


def exposure(members: list[Member], named: str, rules: Mapping[Mode, Rule]) -> Iterable[dict[str, Any]]:
    """Measure who appears in the first `FIRST` of all lists, by mode; `named` labels the rules."""
    kinds = {member.id: member.kind for member in members}
    lists: dict[tuple[Mode, str], list[list[Suggestion]]] = {}
    for viewer, by_mode in ShortlistIndex(members, rules=rules).shortlists(limit=FIRST):
        for mode, shortlist in by_mode.items():
            side = "firms" if mode == "b2b" or kinds[viewer] != "research-organisation" else "research"
            if shortlist:
                lists.setdefault((mode, side), []).append(shortlist)
    for (mode, side), shortlists in sorted(lists.items()):
        suggestions = [suggestion for shortlist in shortlists for suggestion in shortlist]
        counts = Counter(suggestion.partner for suggestion in suggestions)
        partners = sum((kind == "research-organisation") == (mode == "r2b" and side == "firms") for kind in kinds.values())
        values = np.array([*counts.values(), *[0] * (partners - len(counts))], dtype=np.float64)
        yield {
            "mode": mode,
            "lists of": side,
            "demand weighed": named,
            "lists": len(shortlists),
            "most shown in": round(max(counts.values()) / len(shortlists), 4),
            "gini": round(gini(values), 4),
            "never shown": round(float((values == 0).mean()), 4),
            "small": round(float(np.mean([kinds[suggestion.partner] in SMALL for suggestion in suggestions])), 4),
            "relevance": round(float(np.mean([_relevance(suggestion) for suggestion in suggestions])), 4),
        }


def gini(counts: Floats) -> float:
    """Gini coefficient: 0 for an equal distribution, towards 1 when one has all."""
    ordered = np.sort(counts)
    total = ordered.sum()
    if total == 0:
        return 0.0
    ranks = np.arange(1, len(ordered) + 1)
    return float((2 * ranks - len(ordered) - 1) @ ordered / (len(ordered) * total))


def _relevance(suggestion: Suggestion) -> float:
    """A score without the contribution of demand, so that lists with and without it are comparable."""
    return suggestion.score - suggestion.contributions["seldom_shown"]


def _member(number: int, line: Line) -> Member:
    content = line.model_dump()
    offers = {f"o{place:02}": offer for place, offer in enumerate(content["offers"])}
    needs = {f"n{place:02}": need for place, need in enumerate(content["needs"])}
    return member_of(f"m{number:05}", parse(MemberRow, {**content, "offers": offers, "needs": needs, "status": "approved"}))
