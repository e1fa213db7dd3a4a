"""Which features of the rules answer a need."""

import pytest

from services.matching.coverage.queries import ANSWERING_FEATURES
from services.matching.ranking import ShortlistIndex
from tests.matching.ranking.factories import firm, fund, lab, need, offer


@pytest.mark.parametrize(
    ("seeker", "giver", "nature", "options"),
    [
        (firm, firm, "technology", {}),
        (firm, lab, "research", {}),
        (lab, firm, "technology", {}),
        (firm, fund, "capital", {}),
        (firm, lab, "technology", {"facility": True}),
    ],
)
def test_the_rules_quote_an_answered_need_under_these_features(seeker, giver, nature, options):  # type: ignore[no-untyped-def]
    needing = seeker("a", needs=(need("Laser cutting", nature=nature, **options),))
    index = ShortlistIndex([needing, giver("b", offers=(offer("Laser cutting of marble", nature=nature, **options),))])
    [suggestion] = [item for items in index.shortlist("a").values() for item in items]
    assert {passage.yours for passage in suggestion.passages if passage.feature in ANSWERING_FEATURES} == {"Laser cutting"}
