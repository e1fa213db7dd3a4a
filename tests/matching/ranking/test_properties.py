"""What holds for any members at all."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.ranking import (
    Collaboration,
    Interaction,
    Member,
    ShortlistIndex,
    Suggestion,
    can_see,
    candidates,
    modes_of,
    total,
)
from services.matching.ranking.corpus.profile import is_open
from services.matching.ranking.rules import popularity
from services.matching.ranking.scoring import RULES
from tests.matching.ranking.factories import KINDS, firm, lab, members, need, offer, offerings, seekings

SECRET = "zircon"
# Maturity and rights are those of the pair each side names first of several with equal words, and demand is the partner's.
ONE_SIDED = {"maturity", "rights", "seldom_shown"}


@pytest.fixture(autouse=True, scope="module")
def few_are_shown():
    """Count only the first two of a list as shown, so that some of a handful of members are in demand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(popularity, "FIRST", 2)
        yield


def everything(index: ShortlistIndex, of: list[Member], limit: int = 20) -> dict[str, list[Suggestion]]:
    return {member.id: [one for some in index.shortlist(member.id, limit).values() for one in some] for member in of}


@st.composite
def known(draw, some: list[Member]) -> list[Interaction]:
    """What some pairs know of each other, either side of the other."""
    pairs = [(one.id, other.id) for one, other in combinations(some, 2)]
    drawn = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)) if pairs else []
    codes = st.sampled_from((None, "not-now", "competitor"))
    told = st.lists(st.none() | st.sampled_from(("nothing", "agreement")), max_size=2).map(tuple)
    return [Interaction(by, to, draw(codes), True, draw(told)) for pair in drawn for by, to in (pair, pair[::-1])]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.version)
def test_the_weights_of_a_rule_add_up_to_one(rule):
    assert total(rule.weights) == 1.0
    assert rule.version.startswith(f"{rule.mode}-")


@settings(max_examples=30, deadline=None)
@given(members())
def test_a_score_is_between_nothing_and_one_and_its_contributions_add_up_to_it(some):
    by_id = {member.id: member for member in some}
    for viewer, suggestions in everything(ShortlistIndex(some), some).items():
        for one in suggestions:
            weights = RULES[one.mode].weights
            assert 0 < one.score <= 1
            assert total(one.contributions) == one.score
            assert one.contributions.keys() == weights.keys()
            assert all(0 <= value <= weights[name] for name, value in one.contributions.items())
            assert one.rule == RULES[one.mode].version
            assert one.mode in modes_of(by_id[viewer].kind, by_id[one.partner].kind)
            assert one.partner != viewer
            assert one.why_it
            assert one.why_en


@settings(max_examples=15, deadline=None)
@given(members(), st.randoms(use_true_random=False))
def test_the_order_members_come_in_does_not_matter(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert everything(ShortlistIndex(shuffled), some) == everything(ShortlistIndex(some), some)


@settings(max_examples=15, deadline=None)
@given(members(), st.integers(1, 3))
def test_a_shorter_list_is_the_beginning_of_the_longer_one_highest_score_first(some, limit):
    index = ShortlistIndex(some)
    for member in some:
        for mode, ranked in index.shortlist(member.id).items():
            assert index.shortlist(member.id, limit)[mode] == ranked[:limit]
            assert ranked == sorted(ranked, key=lambda one: (-one.score, one.partner))


@settings(max_examples=30, deadline=None)
@given(members(visibilities=("network", "public")))
def test_where_all_is_visible_two_members_score_each_other_alike(some):
    index = ShortlistIndex(some)
    scores = {
        (viewer, one.partner): total({name: value for name, value in one.contributions.items() if name not in ONE_SIDED})
        for viewer, suggestions in everything(index, some).items()
        for one in suggestions
    }
    for (viewer, partner), score in scores.items():
        assert scores[partner, viewer] == pytest.approx(score, abs=3e-6)


@settings(max_examples=30, deadline=None)
@given(members(), st.lists(offerings(st.just("district")), max_size=3), st.lists(seekings(st.just("district")), max_size=3))
def test_what_a_member_may_not_see_changes_nothing_of_what_it_is_shown(some, offers, needs):
    owner = some[0]
    hidden_offers = tuple(replace(offer, id=f"h{i}", title=f"{SECRET} {offer.title}") for i, offer in enumerate(offers))
    hidden_needs = tuple(replace(need, id=f"h{i}", title=f"{SECRET} {need.title}") for i, need in enumerate(needs))
    told = replace(owner, offers=owner.offers + hidden_offers, needs=owner.needs + hidden_needs)
    before, after = ShortlistIndex(some), ShortlistIndex([told, *some[1:]])
    # Later, with the words of that pass, others write the very words that were kept: as new to them as any.
    asking = [replace(one, needs=(*one.needs, need(f"{SECRET} laser", id="later"))) for one in some[1:]]
    plain, kept = (
        ShortlistIndex([owner, *asking], snapshot=before.snapshot),
        ShortlistIndex([told, *asking], snapshot=after.snapshot),
    )
    for viewer in some[1:]:
        if not viewer.districts & owner.districts:
            shown = after.shortlist(viewer.id)
            assert shown == before.shortlist(viewer.id)
            assert SECRET not in repr(shown)
            assert kept.shortlist(viewer.id) == plain.shortlist(viewer.id)


@settings(max_examples=30, deadline=None)
@given(members(), st.data())
def test_a_list_for_others_to_see_is_as_if_nothing_were_kept_and_nobody_had_dealt(some, data):
    unkept = [
        replace(
            one,
            offers=tuple(offer for offer in one.offers if is_open(offer.visibility)),
            needs=tuple(need for need in one.needs if is_open(need.visibility)),
        )
        for one in some
    ]
    seen, plain = ShortlistIndex(some, interactions=data.draw(known(some))), ShortlistIndex(unkept)
    for viewer in some:
        assert seen.shortlist(viewer.id, within=()) == plain.shortlist(viewer.id)


def test_a_list_for_managers_of_a_district_rests_on_what_is_kept_to_it_and_not_on_what_is_kept_to_others():
    both = frozenset({"marble", "fashion"})
    asking = firm("a", districts=both, needs=(need("Laser cutting", visibility="district"),))
    kept = [firm(id, districts=frozenset({id}), offers=(offer("Laser cutting", visibility="district"),)) for id in both]
    index = ShortlistIndex([asking, *kept])
    assert [one.partner for one in index.shortlist("a")["b2b"]] == ["fashion", "marble"]
    assert [one.partner for one in index.shortlist("a", within={"marble"})["b2b"]] == ["marble"]
    assert index.shortlist("a", within={"railways"}) == {"b2b": []}


@settings(max_examples=30, deadline=None)
@given(members())
def test_every_passage_quotes_what_each_side_has_and_the_viewer_may_see(some):
    by_id = {member.id: member for member in some}
    for viewer, suggestions in everything(ShortlistIndex(some), some).items():
        for one in suggestions:
            reader, partner = by_id[viewer], by_id[one.partner]
            shown = {item.title for item in (*partner.offers, *partner.needs) if can_see(reader, partner, item)} | {partner.summary}
            for passage in one.passages:
                assert passage.theirs in shown
                assert passage.yours in {item.title for item in (*reader.offers, *reader.needs)} | {reader.summary}


def filled(shortlists):
    return {(id, mode): items for id, lists in shortlists.items() for mode, items in lists.items() if items}


@settings(max_examples=60, deadline=None)
@given(members(), st.sampled_from(KINDS), st.lists(offerings(st.just("network")), max_size=2), st.booleans(), st.data())
def test_refreshing_the_affected_gives_what_a_full_pass_gives(some, kind, offers, gone, data):
    """With gates as narrow as the members are few: whoever enters, leaves or pushes another out of one touches that list."""
    interactions = data.draw(known(some))
    changed = data.draw(st.sampled_from(some))
    revised = replace(changed, kind=kind, offers=tuple(offers), topics=frozenset())
    others = [member for member in some if member.id != changed.id]
    newcomer = replace(revised, id="new")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "FEW", 2)
        patch.setattr(candidates, "MOST_SHARERS", 2)
        before = ShortlistIndex(some, interactions=interactions)
        after = ShortlistIndex(others + ([] if gone else [revised, newcomer]), interactions=interactions, snapshot=before.snapshot)
        affected = before.affected([changed.id, "new"]) | after.affected([changed.id, "new"])
        kept = {id: lists for id, lists in before.shortlists(limit=2) if id not in affected}
        here = {member.id for member in others} | (set() if gone else {changed.id, "new"})
        refreshed = {id: after.shortlist(id, 2) for id in affected & here}
        # No list and an empty one say the same.
        assert filled({**kept, **refreshed}) == filled(dict(after.shortlists(limit=2)))


def test_who_cannot_be_a_partner_moves_no_list():
    """Two labs share words, and can be matched in no mode; what the firm shares with one of them is a topic."""
    topic = frozenset({"ict-photonics/photonics"})
    viewer = lab("v", offers=(offer("Laser cutting", nature="research"),), topics=topic)
    crowd = [lab(f"l{number}", offers=(offer("Laser cutting", nature="research"),), topics=topic) for number in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "FEW", 2)
        patch.setattr(candidates, "MOST_SHARERS", 2)
        for some in ([], crowd):
            assert [one.partner for one in ShortlistIndex([viewer, firm("x", topics=topic), *some]).shortlist("v")["r2b"]] == ["x"]


def test_who_has_only_met_a_member_is_affected_where_it_leaves():
    p, q = firm("p", nuts3=None), firm("q", nuts3=None)
    before = ShortlistIndex(
        [p, q], interactions=[Interaction("p", "q", None, True, ("agreement",)), Interaction("q", "p", None, True, (None,))]
    )
    assert [one.partner for one in before.shortlist("p")["b2b"]] == ["q"]
    assert before.affected(["q"]) == {"p", "q"}


@settings(max_examples=15, deadline=None)
@given(members())
def test_what_is_explained_is_what_is_listed(some):
    index = ShortlistIndex(some)
    for viewer, suggestions in everything(index, some).items():
        listed = {one.partner: one for one in suggestions}
        for other in some:
            if other.id != viewer:
                assert index.explain(viewer, other.id) == listed.get(other.id)


@settings(max_examples=15, deadline=None)
@given(members())
def test_a_score_is_its_weights_times_its_features(some):
    for suggestions in everything(ShortlistIndex(some), some).values():
        for one in suggestions:
            again = {name: round(weight * one.features[name], 6) for name, weight in RULES[one.mode].weights.items()}
            assert again == pytest.approx(one.contributions, abs=2e-6)


def test_a_declined_partner_is_not_listed_to_who_declined():
    maker, user = firm("a", offers=(offer("Laser cutting"),)), firm("b", needs=(need("Laser cutting"),))
    index = ShortlistIndex([maker, user], interactions=[Interaction("a", "b", declined="other")])
    assert index.shortlist("a") == {"b2b": []}
    assert [one.partner for one in index.shortlist("b")["b2b"]] == ["a"]


def test_works_together_raise_a_partner_and_are_said():
    maker, user = firm("a", offers=(offer("Laser cutting"),)), firm("b", needs=(need("Laser cutting"),))
    collaborations = [Collaboration(f"w{number}", ("a", "b", "elsewhere"), "A project") for number in range(2)]
    (strangers,), (known,) = (ShortlistIndex([maker, user], some).shortlist("a")["b2b"] for some in ([], collaborations))
    assert known.score > strangers.score
    assert known.contributions["together"] > 0
    assert "2 times" in known.why_en
    assert "Not" not in known.why_not_en


def test_the_advice_names_what_is_missing_in_both_languages():
    one = ShortlistIndex([firm("a", needs=(need("Laser cutting"),)), firm("b", offers=(offer("Laser cutting"),))]).shortlist("a")[
        "b2b"
    ][0]
    assert "Publish an offer" in one.raise_en
    assert "Pubblicate un'offerta" in one.raise_it
    assert "No offer of yours" in one.why_not_en
