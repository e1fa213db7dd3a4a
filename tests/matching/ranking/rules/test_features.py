"""The measures that rules share, on small cases one can work out by hand."""

from dataclasses import replace

import pytest

from services.matching.ranking.rules.r2b import RULE as R2B
from tests.matching.ranking.factories import firm, lab, need, offer, only, ranked


@pytest.mark.parametrize(("mode", "kind"), [("b2b", "large-firm"), ("r2b", "research-organisation")])
def test_a_facility_answers_the_need_for_one_and_no_other(mode, kind):
    tank = firm("t", kind=kind, offers=(offer("Towing tank for hulls", nature="research", facility=True),))
    yard = firm("y", needs=(need("Towing tank to test hulls", facility=True),))
    for viewer, partner in ((tank, yard), (yard, tank)):
        suggestion = only(viewer, mode, partner)
        assert suggestion.features["facilities"] > 0.5
        assert {passage.feature for passage in suggestion.passages} == {"our_facility" if viewer is tank else "their_facility"}
    assert ranked(yard, mode, replace(tank, offers=(replace(tank.offers[0], facility=False),))) == []


def test_many_weak_offers_raise_the_best_by_half_at_most_and_do_not_beat_one_that_answers():
    yard = firm("y", needs=(need("Coating of hulls"),))
    weak = [offer("Coating for looms", id=f"o{number}") for number in range(40)]
    group = lab("single", offers=tuple(weak[:1])), lab("crowd", offers=tuple(weak)), lab("answer", offers=(offer("Hull coating"),))
    values = {suggestion.partner: suggestion.contributions["research_for_need"] for suggestion in ranked(yard, "r2b", *group)}
    assert values["crowd"] == pytest.approx(1.5 * values["single"], abs=2e-6)
    assert values["crowd"] < values["answer"] == R2B.weights["research_for_need"]
