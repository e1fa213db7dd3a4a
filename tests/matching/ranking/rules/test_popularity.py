"""Who stands in every list gives way a little, by a measure that is kept from pass to pass."""

from dataclasses import replace

import pytest

from services.matching.ranking import ShortlistIndex
from services.matching.ranking.rules import popularity
from services.matching.ranking.rules.popularity import Popularity
from services.matching.ranking.scoring import RULES
from tests.matching.ranking.factories import firm, lab, need, offer

FIELDS = ("hulls", "looms", "turbines", "quarries", "boilers")


@pytest.fixture
def crowd():
    """Forty firms of five trades that need coatings, labs that know one trade each, and one that knows all a little better."""
    firms = [firm(f"f{n:02}", needs=(need(f"Coating of {FIELDS[n % 5]}, machine {n}"),)) for n in range(40)]
    labs = [lab(f"l{n:02}", offers=(offer(f"Coating research for {FIELDS[n % 5]}", nature="research"),)) for n in range(20)]
    every = tuple(offer(f"Coating of {field}", id=f"o{n}", nature="research") for n, field in enumerate(FIELDS))
    return [*firms, *labs, lab("every", offers=every)]


def shown(index, crowd, first=4):
    lists = [index.shortlist(member.id, first)["r2b"] for member in crowd if member.id.startswith("f")]
    return sum("every" in [one.partner for one in some] for some in lists) / len(lists)


def heavier(weight):
    rule = RULES["r2b"]
    rest = {name: value * (1 - weight) / (1 - rule.weights["seldom_shown"]) for name, value in rule.weights.items()}
    return {**RULES, "r2b": replace(rule, weights={**rest, "seldom_shown": weight})}


def test_who_is_in_every_list_counts_as_in_demand_and_is_told_so(crowd, monkeypatch):
    monkeypatch.setattr(popularity, "FIRST", 4)
    one = next(one for one in ShortlistIndex(crowd).shortlist("f00")["r2b"] if one.partner == "every")
    assert one.features["seldom_shown"] == pytest.approx(0.0, abs=1e-6)
    assert one.contributions["seldom_shown"] == 0
    others = [one.features["seldom_shown"] for one in ShortlistIndex(crowd).shortlist("f00")["r2b"] if one.partner != "every"]
    assert max(others) == 1.0


def test_the_weight_says_how_far_it_gives_way(crowd, monkeypatch):
    monkeypatch.setattr(popularity, "FIRST", 4)
    assert shown(ShortlistIndex(crowd, rules=heavier(0.0)), crowd) == 1.0
    assert shown(ShortlistIndex(crowd, rules=heavier(0.5)), crowd) < 0.5


def test_among_few_nobody_is_in_demand(crowd):
    some = [member for member in crowd if member.id in ("f00", "f05", "l00", "every")]
    assert {one.features["seldom_shown"] for one in ShortlistIndex(some).shortlist("f00")["r2b"]} == {1.0}


def test_demand_is_kept_with_the_vocabulary_and_a_newcomer_has_none(crowd, monkeypatch):
    monkeypatch.setattr(popularity, "FIRST", 4)
    before = ShortlistIndex(crowd)
    again = ShortlistIndex(
        [replace(member, id="new") if member.id == "every" else member for member in crowd], snapshot=before.snapshot
    )
    assert again.snapshot.popularity is before.snapshot.popularity
    newcomer = next(one for one in again.shortlist("f00")["r2b"] if one.partner == "new")
    assert newcomer.features["seldom_shown"] == 1.0


def test_who_is_not_named_has_no_demand():
    assert Popularity({"r2b": {"a": 0.5}}).of("r2b", ["b", "a"]).tolist() == [0.0, 0.5]
    assert Popularity({}).of("b2b", ["a"]).tolist() == [0.0]
