"""What explains a pair: the passages that matched, and a reason for each thing that counts."""

from tests.matching.ranking.factories import firm, lab, need, offer, only

LASER, HULLS = "Laser cutting of marble slabs", "Yacht hulls of graphene"


def test_a_need_that_an_offer_answers_is_quoted_with_it() -> None:
    seeker = firm("a", needs=(need("Laser cutting of marble"),))
    suggestion = only(seeker, "b2b", firm("b", offers=(offer(HULLS), offer(LASER, id="o2"))))
    quoted = {(passage.yours, passage.theirs) for passage in suggestion.passages}
    assert ("Laser cutting of marble", LASER) in quoted
    assert not any(HULLS in title for pair in quoted for title in pair)
    assert "“Laser cutting of marble slabs”" in suggestion.reasons.en
    assert "«Laser cutting of marble slabs»" in suggestion.reasons.it


def test_what_does_not_match_gives_no_passage_and_no_reason() -> None:
    near = only(firm("a", needs=(need(LASER),)), "b2b", firm("b", offers=(offer(LASER),), nuts3="ITI14"))
    far = only(firm("a", needs=(need(LASER),)), "b2b", firm("b", offers=(offer(LASER),), nuts3="ITC11", country="FR"))
    assert {passage.feature for passage in near.passages} == {passage.feature for passage in far.passages} == {"their_offer"}
    assert near.features["place"] > far.features["place"] == 0
    assert len(near.reasons.en) > len(far.reasons.en)


def test_shared_topics_are_named_in_each_language() -> None:
    topics = ("smart-factory/robotics",)
    seeker = firm("a", topics=frozenset(topics), needs=(need(LASER),))
    suggestion = only(seeker, "r2b", lab("b", topics=frozenset(topics), offers=(offer(LASER, nature="research"),)))
    assert "robot" in suggestion.reasons.it.lower()
    assert "robot" in suggestion.reasons.en.lower()
