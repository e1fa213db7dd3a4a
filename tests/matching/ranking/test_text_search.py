"""Text search for suppliers, with and without a known seeker."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.ranking import Collaboration, Exposure, TextQuery, TextSearch, Weights
from services.matching.ranking.rules.weights import PARTNERS
from tests.matching.ranking.factories import firm, lab, members, offer

PROJECTS = (
    Collaboration("p1", ("a", "b"), "Laser cutting of marble slabs"),
    Collaboration("p2", ("b", "c"), "Graphene coatings for yacht hulls"),
    Collaboration("p3", ("c", "d"), "Woollen yarn on fine looms"),
)
FIRMS = [firm(id, kind="large-firm") for id in "abcd"]


def partners(index, query, **options):
    return [suggestion.partner for suggestion in index.search(query, **options)]


def test_an_italian_question_finds_who_did_it_in_an_english_project():
    index = TextSearch(FIRMS, PROJECTS)
    first, second, *_ = index.search(TextQuery("taglio di lastre di marmo", "it"))
    assert {first.partner, second.partner} == {"a", "b"}
    assert first.best == "Laser cutting of marble slabs"
    assert first.rule == PARTNERS.version
    assert first.score == pytest.approx(sum(first.contributions.values()), abs=1e-5)


def test_a_member_without_any_history_is_found_by_its_own_offer():
    newcomer = firm("n", offers=(offer("Removing rust from iron bridges"),))
    assert partners(TextSearch([*FIRMS, newcomer], PROJECTS), TextQuery("ruggine sui ponti", "it"))[0] == "n"


def test_what_is_restricted_to_a_district_is_not_found_by_a_free_text():
    hidden = firm("n", offers=(offer("Removing rust from iron bridges", visibility="district"),))
    index, without = TextSearch([*FIRMS, hidden], PROJECTS), TextSearch([*FIRMS, replace(hidden, offers=())], PROJECTS)
    assert index.search(TextQuery("rust bridges", "en")) == without.search(TextQuery("rust bridges", "en"))


def test_a_collaboration_excluded_leaves_no_trace_in_features():
    query = TextQuery("Laser cutting of marble slabs", "en", "a")
    excluded = TextSearch(FIRMS, PROJECTS).features(replace(query, without=frozenset({"p1"})))
    rest = TextSearch(FIRMS, PROJECTS[1:]).features(query)
    for name in ("text", "words", "active", "listed", "together", "together_on_this", "partners_of_partners"):
        assert excluded[name].tolist() == pytest.approx(rest[name].tolist()), name
    assert excluded["together"].sum() == 0


def test_the_seeker_is_not_found_and_its_partners_partners_are_nearer():
    index = TextSearch(FIRMS, PROJECTS, Weights("test-1", {"partners_of_partners": 1.0, "together": 0.1}))
    hits = index.search(TextQuery("anything", "en", "a"))
    assert "a" not in [suggestion.partner for suggestion in hits]
    # b is a's partner, c has worked with b, d only with c.
    assert {suggestion.partner for suggestion in hits[:2]} == {"b", "c"}
    assert hits[2].features["partners_of_partners"] == 0
    with pytest.raises(KeyError):
        index.search(TextQuery("anything", "en", "nobody"))


def test_a_partner_in_a_collaboration_on_the_subject_is_nearer_than_in_another():
    index = TextSearch(FIRMS, PROJECTS)
    features = index.features(TextQuery("Coating hulls with graphene", "en", "b"))
    a, _, c, d = features["together_on_this"].tolist()
    assert c > a == d == 0
    assert features["together"].tolist()[0] == features["together"].tolist()[2] > 0
    assert not index.features(TextQuery("Coating hulls with graphene", "en"))["together_on_this"].any()


def test_a_named_place_counts():
    group = [firm("it", country="IT", city="Prato"), firm("pl", country="PL", city="Lublin")]
    features = TextSearch(group).features(TextQuery("Un partner polacco, anche a Prato", "it"))
    assert features["country_named"].tolist() == [0.0, 1.0]
    assert features["city_named"].tolist() == [1.0, 0.0]


def test_a_small_firm_has_a_place_among_the_first():
    group = [lab(f"l{number:02}") for number in range(12)] + [firm("s"), firm("t")]
    index = TextSearch(group, (), Weights("test-1", {"research": 1.0}))
    plain, fair = (partners(index, TextQuery("x", "en"), exposure=exposure) for exposure in (None, Exposure()))
    assert "s" not in plain[:10]
    assert fair[:10] == [*plain[:9], "s"]
    assert sorted(fair) == sorted(plain)
    assert partners(index, TextQuery("x", "en"), exposure=Exposure(small=2))[8:10] == ["s", "t"]
    promoted = partners(index, TextQuery("x", "en"), exposure=Exposure(small=5))
    assert promoted[8:10] == ["s", "t"]


@settings(max_examples=20, deadline=None)
@given(members(), st.randoms(use_true_random=False))
def test_results_do_not_depend_on_the_order_of_members_and_are_reproducible(group, random):
    shuffled = list(group)
    random.shuffle(shuffled)
    query = TextQuery("laser cutting of marble", "en", group[0].id)
    assert TextSearch(group).search(query) == TextSearch(shuffled).search(query)


def test_the_place_for_a_small_firm_goes_to_one_that_says_something_of_the_matter():
    large = [firm(f"l{number:02}", kind="large-firm", offers=(offer("Laser cutting of marble"),)) for number in range(12)]
    silent, declined, fitting = firm("s"), firm("t", offers=large[0].offers), firm("u", offers=(offer("Laser welding"),))
    index = TextSearch([*large, silent, declined, fitting], weights=Weights("test-1", {"text": 1.0, "research": 0.1}))
    hits = partners(index, TextQuery("Laser cutting", "en"), limit=10, without={"t"}, relevant_only=True)
    assert hits[-1] == "u"
    assert {"s", "t"}.isdisjoint(partners(index, TextQuery("Laser cutting", "en"), limit=50, without={"t"}, relevant_only=True))
