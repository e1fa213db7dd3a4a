"""Why a suggestion does not score higher, and what would raise it."""

from services.matching.ranking.explain.improvements import SHORTCOMINGS, WITH_ADVICE, advice, improvements, shortcoming
from services.matching.ranking.rules.past_interactions import PENALTIES

WEIGHTS = {"topics": 0.3, "maturity": 0.2, "place": 0.1, "facilities": 0.4}


def test_the_features_that_lack_most_by_weight_are_named_first() -> None:
    shortcomings, raising = improvements(WEIGHTS, dict.fromkeys(WEIGHTS, 0.0))
    assert shortcomings.en == "Few topics in common. The readiness levels (TRL) are far apart or not stated."
    assert raising.it == "Aggiungete al profilo i temi che mancano. Indicate il TRL di offerte ed esigenze."


def test_nothing_is_said_where_nothing_lacks_or_nothing_is_known() -> None:
    assert improvements(WEIGHTS, dict.fromkeys(WEIGHTS, 1.0)) == (("", ""), ("", ""))
    unknown = frozenset({"topics", "maturity", "place"})
    assert improvements(WEIGHTS, dict.fromkeys(WEIGHTS, 0.0), unknown) == (("", ""), ("", ""))


def test_every_shortcoming_and_penalty_has_its_texts() -> None:
    for feature in (*SHORTCOMINGS, *PENALTIES):
        assert all(shortcoming(feature))
    for feature in (*WITH_ADVICE, *PENALTIES):
        assert all(advice(feature))
