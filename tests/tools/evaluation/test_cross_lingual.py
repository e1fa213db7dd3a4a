"""An Italian need finds its English offer."""

from tools.evaluation.cross_lingual import evaluate_languages, pairs


def test_nine_italian_needs_in_ten_find_their_english_offer_first():
    assert len(pairs()) >= 40
    count, first, mrr = evaluate_languages()
    assert count == len(pairs())
    assert first >= 0.9
    assert mrr >= first
