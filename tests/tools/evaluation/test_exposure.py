"""Who is shown to whom, and how unevenly."""

import numpy as np
import pytest

from services.matching.ranking.scoring import RULES
from tests.matching.ranking.factories import firm, lab, need, offer
from tools.evaluation.exposure import exposure, gini


@pytest.mark.parametrize(("counts", "value"), [([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75), ([1, 2, 3, 4], 0.25), ([0, 0], 0.0)])
def test_gini_by_hand(counts, value):
    assert gini(np.array(counts, dtype=np.float64)) == pytest.approx(value)


def test_exposure_says_who_is_shown_to_whom():
    yards = [firm(f"y{number}", needs=(need("Coating of hulls"),)) for number in range(4)]
    coater, weaver = (lab(id, offers=(offer(title, nature="research"),)) for id, title in (("c", "Hull coating"), ("w", "Looms")))
    to_firms, to_research = exposure([*yards, coater, weaver], "yes", RULES)
    assert (to_firms["lists of"], to_firms["lists"], to_firms["most shown in"], to_firms["never shown"]) == ("firms", 4, 1.0, 0.5)
    assert (to_research["lists of"], to_research["lists"], to_research["small"], to_research["gini"]) == ("research", 1, 1.0, 0.0)
    assert 0 < to_firms["relevance"] < 1
