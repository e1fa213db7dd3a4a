"""Who has no history is ranked by what it declares."""

from tools.evaluation.cold_start import Cold, evaluate_cold
from tools.evaluation.cordis_history import read_collaborations


def test_every_fifth_partner_of_the_queried_projects_loses_its_history(world):
    data = read_collaborations(world, lambda skipped: None)
    done: list[None] = []
    # All nine joined projects of 2025: `a` coordinates both of its field, `n` joins one.
    assert evaluate_cold(data, "2025-01-01", lambda: done.append(None)) == Cold(3, (1.0, 1.0, 1.0), (1.0, 1.0, 1.0))
    assert len(done) == 2 * 6
