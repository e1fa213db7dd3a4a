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
    total,
)
from services.matching.ranking.corpus.profile import is_open
from services.matching.ranking.rules import popularity
from services.matching.ranking.scoring import RULES
from shared.contracts.modes import modes_between
from tests.matching.ranking.factories import KINDS, firm, lab, members, need, needs, offer, offers

SECRET = "zircon"
# Maturity and rights are those of the pair each side names first of several with equal words, and demand is the partner's.
UNILATERAL = {"maturity", "rights", "seldom_shown"}


@pytest.fixture(autouse=True, scope="module")
def few_are_shown():
    """Count only the first two of a list as shown, so that some of a handful of members are in demand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(popularity, "FIRST", 2)
        yield


def all_suggestions(index: ShortlistIndex, of: list[Member], limit: int = 20) -> dict[str, list[Suggestion]]:
    return {
        member.id: [suggestion for suggestions in index.shortlist(member.id, limit).values() for suggestion in suggestions]
        for member in of
    }


@st.composite
def drawn_interactions(draw, group: list[Member]) -> list[Interaction]:
    """Interactions of some pairs, known to both sides."""
    pairs = [(member.id, partner.id) for member, partner in combinations(group, 2)]
    drawn = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)) if pairs else []
    codes = st.sampled_from((None, "not-now", "competitor"))
    outcomes = st.lists(st.none() | st.sampled_from(("nothing", "agreement")), max_size=2).map(tuple)
    return [Interaction(by, to, draw(codes), True, draw(outcomes)) for pair in drawn for by, to in (pair, pair[::-1])]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.version)
def test_the_weights_of_a_rule_add_up_to_one(rule):
    assert total(rule.weights) == 1.0
    assert rule.version.startswith(f"{rule.mode}-")


@settings(max_examples=30, deadline=None)
@given(members())
def test_a_score_is_between_nothing_and_one_and_its_contributions_add_up_to_it(group):
    by_id = {member.id: member for member in group}
    for viewer, suggestions in all_suggestions(ShortlistIndex(group), group).items():
        for suggestion in suggestions:
            weights = RULES[suggestion.mode].weights
            assert 0 < suggestion.score <= 1
            assert total(suggestion.contributions) == suggestion.score
            assert suggestion.contributions.keys() == weights.keys()
            assert all(0 <= value <= weights[name] for name, value in suggestion.contributions.items())
            assert suggestion.rule == RULES[suggestion.mode].version
            assert suggestion.mode in modes_between(by_id[viewer].kind, by_id[suggestion.partner].kind)
            assert suggestion.partner != viewer
            assert suggestion.reasons.it
            assert suggestion.reasons.en


@settings(max_examples=15, deadline=None)
@given(members(), st.randoms(use_true_random=False))
def test_the_order_members_come_in_does_not_matter(group, random):
    shuffled = list(group)
    random.shuffle(shuffled)
    assert all_suggestions(ShortlistIndex(shuffled), group) == all_suggestions(ShortlistIndex(group), group)


@settings(max_examples=15, deadline=None)
@given(members(), st.integers(1, 3))
def test_a_shorter_list_is_the_beginning_of_the_longer_one_highest_score_first(group, limit):
    index = ShortlistIndex(group)
    for member in group:
        for mode, ranked in index.shortlist(member.id).items():
            assert index.shortlist(member.id, limit)[mode] == ranked[:limit]
            assert ranked == sorted(ranked, key=lambda suggestion: (-suggestion.score, suggestion.partner))


@settings(max_examples=30, deadline=None)
@given(members(visibilities=("network", "public")))
def test_where_all_is_visible_two_members_score_each_other_alike(group):
    index = ShortlistIndex(group)
    scores = {
        (viewer, suggestion.partner): total(
            {name: value for name, value in suggestion.contributions.items() if name not in UNILATERAL}
        )
        for viewer, suggestions in all_suggestions(index, group).items()
        for suggestion in suggestions
    }
    for (viewer, partner), score in scores.items():
        assert scores[partner, viewer] == pytest.approx(score, abs=3e-6)


@settings(max_examples=30, deadline=None)
@given(members(), st.lists(offers(st.just("district")), max_size=3), st.lists(needs(st.just("district")), max_size=3))
def test_what_a_member_may_not_see_changes_nothing_of_what_it_is_shown(group, offers, needs):
    owner = group[0]
    hidden_offers = tuple(replace(offer, id=f"h{i}", title=f"{SECRET} {offer.title}") for i, offer in enumerate(offers))
    hidden_needs = tuple(replace(need, id=f"h{i}", title=f"{SECRET} {need.title}") for i, need in enumerate(needs))
    extended = replace(owner, offers=owner.offers + hidden_offers, needs=owner.needs + hidden_needs)
    before, after = ShortlistIndex(group), ShortlistIndex([extended, *group[1:]])
    # Later, with the snapshot, others use the very words that were restricted: as new to them as any.
    seekers = [replace(member, needs=(*member.needs, need(f"{SECRET} laser", id="later"))) for member in group[1:]]
    plain, restricted = (
        ShortlistIndex([owner, *seekers], snapshot=before.snapshot),
        ShortlistIndex([extended, *seekers], snapshot=after.snapshot),
    )
    for viewer in group[1:]:
        if not viewer.districts & owner.districts:
            shortlist = after.shortlist(viewer.id)
            assert shortlist == before.shortlist(viewer.id)
            assert SECRET not in repr(shortlist)
            assert restricted.shortlist(viewer.id) == plain.shortlist(viewer.id)


@settings(max_examples=30, deadline=None)
@given(members(), st.data())
def test_a_list_for_others_is_as_if_nothing_were_restricted_and_nobody_had_interacted(group, data):
    public = [
        replace(
            member,
            offers=tuple(offer for offer in member.offers if is_open(offer.visibility)),
            needs=tuple(need for need in member.needs if is_open(need.visibility)),
        )
        for member in group
    ]
    seen, plain = ShortlistIndex(group, interactions=data.draw(drawn_interactions(group))), ShortlistIndex(public)
    for viewer in group:
        assert seen.shortlist(viewer.id, within=()) == plain.shortlist(viewer.id)


def test_a_list_for_managers_of_a_district_uses_what_is_restricted_to_it_and_not_to_others():
    districts = frozenset({"marble", "fashion"})
    seeker = firm("a", districts=districts, needs=(need("Laser cutting", visibility="district"),))
    providers = [firm(id, districts=frozenset({id}), offers=(offer("Laser cutting", visibility="district"),)) for id in districts]
    index = ShortlistIndex([seeker, *providers])
    assert [suggestion.partner for suggestion in index.shortlist("a")["b2b"]] == ["fashion", "marble"]
    assert [suggestion.partner for suggestion in index.shortlist("a", within={"marble"})["b2b"]] == ["marble"]
    assert index.shortlist("a", within={"railways"}) == {"b2b": []}


@settings(max_examples=30, deadline=None)
@given(members())
def test_every_passage_quotes_what_each_side_has_and_the_viewer_may_see(group):
    by_id = {member.id: member for member in group}
    for viewer, suggestions in all_suggestions(ShortlistIndex(group), group).items():
        for suggestion in suggestions:
            reader, partner = by_id[viewer], by_id[suggestion.partner]
            visible = {item.title for item in (*partner.offers, *partner.needs) if can_see(reader, partner, item)} | {
                partner.summary
            }
            for passage in suggestion.passages:
                assert passage.theirs in visible
                assert passage.yours in {item.title for item in (*reader.offers, *reader.needs)} | {reader.summary}


def filled(shortlists):
    return {(id, mode): items for id, lists in shortlists.items() for mode, items in lists.items() if items}


@settings(max_examples=60, deadline=None)
@given(members(), st.sampled_from(KINDS), st.lists(offers(st.just("network")), max_size=2), st.booleans(), st.data())
def test_rebuilding_the_affected_gives_what_a_full_rebuild_gives(group, kind, offers, leaves, data):
    """With limits as narrow as the members are few: whoever enters, leaves or displaces a candidate affects that list."""
    interactions = data.draw(drawn_interactions(group))
    changed = data.draw(st.sampled_from(group))
    revised = replace(changed, kind=kind, offers=tuple(offers), topics=frozenset())
    unchanged = [member for member in group if member.id != changed.id]
    newcomer = replace(revised, id="new")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "MIN_BY_WORDS", 2)
        patch.setattr(candidates, "MAX_BY_TOPICS", 2)
        before = ShortlistIndex(group, interactions=interactions)
        after = ShortlistIndex(
            unchanged + ([] if leaves else [revised, newcomer]), interactions=interactions, snapshot=before.snapshot
        )
        affected = before.affected([changed.id, "new"]) | after.affected([changed.id, "new"])
        remaining = {id: lists for id, lists in before.shortlists(limit=2) if id not in affected}
        present = {member.id for member in unchanged} | (set() if leaves else {changed.id, "new"})
        rebuilt = {id: after.shortlist(id, 2) for id in affected & present}
        # No list and an empty one are equivalent.
        assert filled({**remaining, **rebuilt}) == filled(dict(after.shortlists(limit=2)))


def test_who_cannot_be_a_partner_moves_no_list():
    """Two labs share words, and can be matched in no mode; what the firm shares with one of them is a topic."""
    topic = frozenset({"ict-photonics/photonics"})
    viewer = lab("v", offers=(offer("Laser cutting", nature="research"),), topics=topic)
    labs = [lab(f"l{number}", offers=(offer("Laser cutting", nature="research"),), topics=topic) for number in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "MIN_BY_WORDS", 2)
        patch.setattr(candidates, "MAX_BY_TOPICS", 2)
        for rest in ([], labs):
            assert [
                suggestion.partner for suggestion in ShortlistIndex([viewer, firm("x", topics=topic), *rest]).shortlist("v")["r2b"]
            ] == ["x"]


def test_who_has_only_met_a_member_is_affected_where_it_leaves():
    p, q = firm("p", nuts3=None), firm("q", nuts3=None)
    before = ShortlistIndex(
        [p, q], interactions=[Interaction("p", "q", None, True, ("agreement",)), Interaction("q", "p", None, True, (None,))]
    )
    assert [suggestion.partner for suggestion in before.shortlist("p")["b2b"]] == ["q"]
    assert before.affected(["q"]) == {"p", "q"}


@settings(max_examples=15, deadline=None)
@given(members())
def test_what_is_explained_is_what_is_listed(group):
    index = ShortlistIndex(group)
    for viewer, suggestions in all_suggestions(index, group).items():
        listed = {suggestion.partner: suggestion for suggestion in suggestions}
        for partner in group:
            if partner.id != viewer:
                assert index.explain(viewer, partner.id) == listed.get(partner.id)


@settings(max_examples=15, deadline=None)
@given(members())
def test_a_score_is_its_weights_times_its_features(group):
    for suggestions in all_suggestions(ShortlistIndex(group), group).values():
        for suggestion in suggestions:
            contributions = {
                name: round(weight * suggestion.features[name], 6) for name, weight in RULES[suggestion.mode].weights.items()
            }
            assert contributions == pytest.approx(suggestion.contributions, abs=2e-6)


def test_a_declined_partner_is_not_listed_to_who_declined():
    maker, user = firm("a", offers=(offer("Laser cutting"),)), firm("b", needs=(need("Laser cutting"),))
    index = ShortlistIndex([maker, user], interactions=[Interaction("a", "b", declined="other")])
    assert index.shortlist("a") == {"b2b": []}
    assert [suggestion.partner for suggestion in index.shortlist("b")["b2b"]] == ["a"]


def test_collaborations_raise_a_partner_and_are_a_reason():
    maker, user = firm("a", offers=(offer("Laser cutting"),)), firm("b", needs=(need("Laser cutting"),))
    collaborations = [Collaboration(f"w{number}", ("a", "b", "elsewhere"), "A project") for number in range(2)]
    (before,), (after,) = (ShortlistIndex([maker, user], shared).shortlist("a")["b2b"] for shared in ([], collaborations))
    assert after.score > before.score
    assert after.contributions["together"] > 0
    assert "2 times" in after.reasons.en
    assert "Not" not in after.shortcomings.en


def test_the_advice_names_what_is_missing_in_both_languages():
    suggestion = ShortlistIndex([firm("a", needs=(need("Laser cutting"),)), firm("b", offers=(offer("Laser cutting"),))]).shortlist(
        "a"
    )["b2b"][0]
    assert "Publish an offer" in suggestion.advice.en
    assert "Pubblicate un'offerta" in suggestion.advice.it
    assert "No offer of yours" in suggestion.shortcomings.en
