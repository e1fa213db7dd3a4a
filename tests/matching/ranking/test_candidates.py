"""Whom a member is compared with."""

import numpy as np
import pytest
from hypothesis import given, settings

from services.matching.ranking import Collaboration, Member, Round, Ticket, candidates
from services.matching.ranking.candidates import Candidates
from services.matching.ranking.corpus.collaborations import CollaborationHistory
from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.corpus.members import MemberTable
from services.matching.ranking.corpus.visibility import member_scope
from services.matching.ranking.rules.past_interactions import Interaction, Interactions
from shared.contracts.modes import modes_between
from tests.matching.ranking.factories import firm, fund, lab, members, need, offer

PHOTONICS = "ict-photonics/photonics"


class Comparison:
    """Candidates among a handful of members, by id."""

    def __init__(self, group: list[Member], *collaborations: Collaboration) -> None:
        self._group = group
        self._documents, self._table = Documents(group), MemberTable(group)
        history = CollaborationHistory(collaborations, {member.id: number for number, member in enumerate(group)})
        eligible = {
            kind: {
                mode: np.array([mode in modes_between(kind, member.kind) for member in group], dtype=np.bool_)
                for mode in ("b2b", "r2b", "f2b")
            }
            for kind in {member.kind for member in group}
        }
        self._candidates = Candidates(group, self._documents, self._table, history, eligible)

    def of(self, viewer: int) -> list[str]:
        scope = member_scope(self._documents, self._table, viewer)
        matches = self._documents.matches(self._documents.rows(viewer))
        numbers = self._candidates.of(scope, matches, self._candidates.collaborations_with(viewer))
        return [self._group[number].id for number in numbers]

    def reached_by(self, changed: int, *interactions: Interaction) -> set[str]:
        marks = self._candidates.reached_by(changed, Interactions(interactions))
        return {self._group[number].id for number in np.flatnonzero(marks)}


def test_candidates_share_words_with_the_viewer():
    cutter = firm("a", needs=(need("Laser cutting of marble"),))
    maker, weaver = firm("b", offers=(offer("Laser for cutting"),)), firm("c", offers=(offer("Woollen yarn"),))
    assert Comparison([cutter, maker, weaver]).of(0) == ["b"]


def test_words_restricted_to_another_district_make_no_candidate():
    maker = firm("b", offers=(offer("Laser for cutting", visibility="district"),))
    assert Comparison([firm("a", needs=(need("Laser cutting"),)), maker]).of(0) == ["b"]
    assert Comparison([firm("a", needs=(need("Laser cutting"),), districts=frozenset({"fashion"})), maker]).of(0) == []


def test_two_that_worked_together_are_candidates_of_each_other():
    comparison = Comparison([firm("a"), lab("b"), firm("c")], Collaboration("w", ("a", "b"), "A project"))
    assert [comparison.of(number) for number in range(3)] == [["b"], ["a"], []]


def test_no_mode_between_the_kinds_no_candidate():
    assert Comparison([lab("a", topics=frozenset({PHOTONICS})), lab("b", topics=frozenset({PHOTONICS}))]).of(0) == []


def test_topics_bring_candidates_only_where_words_bring_too_few(monkeypatch: pytest.MonkeyPatch):
    topics = frozenset({PHOTONICS})
    cutter = firm("a", topics=topics, needs=(need("Laser cutting"),))
    group = [cutter, firm("b", offers=(offer("Laser cutting"),)), firm("c", topics=topics)]
    assert Comparison(group).of(0) == ["b", "c"]
    monkeypatch.setattr(candidates, "MIN_BY_WORDS", 1)
    assert Comparison(group).of(0) == ["b"]


def test_capital_offered_meets_capital_sought_whatever_the_words():
    lender = fund("a", offers=(offer("Fondo Alfa", nature="capital", ticket=Ticket()),))
    seeker = firm("b", needs=(need("Primo round", nature="capital", round=Round()),))
    comparison = Comparison([lender, seeker, firm("c")])
    assert [comparison.of(number) for number in range(3)] == [["b"], ["a"], []]


def test_a_partner_that_only_met_a_member_is_reached_by_its_change():
    comparison = Comparison([firm("a"), firm("b"), firm("c")])
    assert comparison.reached_by(0) == {"a"}
    assert comparison.reached_by(0, Interaction("b", "a", arranged=True), Interaction("gone", "a")) == {"a", "b"}


@settings(max_examples=15)
@given(members(count=4))
def test_a_changed_member_reaches_all_that_may_have_it_as_a_partner(group: list[Member]):
    comparison = Comparison(group, Collaboration("w", ("m0", "m1"), "A project"))
    lists = {member: comparison.of(number) for number, member in enumerate(group)}
    for number, member in enumerate(group):
        reached = comparison.reached_by(number)
        assert member.id in reached
        assert member.id not in lists[member]
        viewers = {viewer.id for viewer, ids in lists.items() if member.id in ids and modes_between(viewer.kind, member.kind)}
        assert viewers <= reached
