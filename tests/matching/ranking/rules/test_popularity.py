"""Popular members give way a little, by a measure that is fixed between full rebuilds."""

from dataclasses import replace

import pytest

from services.matching.ranking import ShortlistIndex
from services.matching.ranking.rules import popularity
from services.matching.ranking.rules.popularity import Popularity
from services.matching.ranking.scoring import RULES
from tests.matching.ranking.factories import firm, lab, need, offer

FIELDS = ("hulls", "looms", "turbines", "quarries", "boilers")


@pytest.fixture
def population():
    """Forty firms of five trades that need coatings, labs that know one trade each, and one that knows all a little better."""
    firms = [firm(f"f{n:02}", needs=(need(f"Coating of {FIELDS[n % 5]}, machine {n}"),)) for n in range(40)]
    labs = [lab(f"l{n:02}", offers=(offer(f"Coating research for {FIELDS[n % 5]}", nature="research"),)) for n in range(20)]
    every = tuple(offer(f"Coating of {field}", id=f"o{n}", nature="research") for n, field in enumerate(FIELDS))
    return [*firms, *labs, lab("every", offers=every)]


def share_of_lists(index, population, first=4):
    lists = [index.shortlist(member.id, first)["r2b"] for member in population if member.id.startswith("f")]
    return sum("every" in [suggestion.partner for suggestion in group] for group in lists) / len(lists)


def heavier(weight):
    rule = RULES["r2b"]
    rest = {name: value * (1 - weight) / (1 - rule.weights["seldom_shown"]) for name, value in rule.weights.items()}
    return {**RULES, "r2b": replace(rule, weights={**rest, "seldom_shown": weight})}


def test_a_member_of_every_list_has_full_popularity(population, monkeypatch):
    monkeypatch.setattr(popularity, "FIRST", 4)
    suggestions = {suggestion.partner: suggestion for suggestion in ShortlistIndex(population).shortlist("f00")["r2b"]}
    popular = suggestions.pop("every")
    assert popular.features["seldom_shown"] == pytest.approx(0.0, abs=1e-6)
    assert popular.contributions["seldom_shown"] == 0
    assert max(suggestion.features["seldom_shown"] for suggestion in suggestions.values()) == 1.0


def test_the_weight_says_how_far_it_gives_way(population, monkeypatch):
    monkeypatch.setattr(popularity, "FIRST", 4)
    assert share_of_lists(ShortlistIndex(population, rules=heavier(0.0)), population) == 1.0
    assert share_of_lists(ShortlistIndex(population, rules=heavier(0.5)), population) < 0.5


def test_among_few_nobody_is_popular(population):
    group = [member for member in population if member.id in ("f00", "f05", "l00", "every")]
    assert {suggestion.features["seldom_shown"] for suggestion in ShortlistIndex(group).shortlist("f00")["r2b"]} == {1.0}


def test_popularity_is_part_of_the_snapshot_and_a_newcomer_has_none(population, monkeypatch):
    monkeypatch.setattr(popularity, "FIRST", 4)
    before = ShortlistIndex(population)
    later = ShortlistIndex(
        [replace(member, id="new") if member.id == "every" else member for member in population], snapshot=before.snapshot
    )
    assert later.snapshot.popularity is before.snapshot.popularity
    newcomer = next(suggestion for suggestion in later.shortlist("f00")["r2b"] if suggestion.partner == "new")
    assert newcomer.features["seldom_shown"] == 1.0


def test_an_unlisted_member_has_no_popularity():
    assert Popularity({"r2b": {"a": 0.5}}).of("r2b", ["b", "a"]).tolist() == [0.0, 0.5]
    assert Popularity({}).of("b2b", ["a"]).tolist() == [0.0]
