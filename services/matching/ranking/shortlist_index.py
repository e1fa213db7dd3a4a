"""The ranking of a whole set of members: build the index once, then get one shortlist after another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from services.matching.ranking.arrays import Bools, Floats, Ints
from services.matching.ranking.candidates import Candidates
from services.matching.ranking.corpus.collaborations import Collaboration, CollaborationHistory
from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.corpus.members import MemberTable
from services.matching.ranking.corpus.profile import Member
from services.matching.ranking.corpus.visibility import ViewerScope, district_scope, member_scope
from services.matching.ranking.explain import sentences
from services.matching.ranking.explain.bilingual import joined
from services.matching.ranking.explain.evidence import passages_of, reasons_of
from services.matching.ranking.explain.improvements import COLLABORATION_FEATURES, advice, improvements, shortcoming
from services.matching.ranking.rules.features import Evaluation, Pairs, Relationships, Rule
from services.matching.ranking.rules.past_interactions import PENALTIES, Interaction, Interactions
from services.matching.ranking.rules.popularity import Popularity, measure_popularity
from services.matching.ranking.scoring import MILLION, RULES, penalty_features, rounded_features, score_parts, total_parts
from services.matching.ranking.suggestion import LIST_LENGTH, Suggestion
from services.matching.ranking.text.vectorizer import Vocabulary
from shared.contracts.base import LocalizedText
from shared.contracts.matching import Mode
from shared.contracts.modes import modes_between
from shared.contracts.registry import Kind
from shared.contracts.taxonomy import TOPICS

# Members whose documents are multiplied at once.
BLOCK = 32


@dataclass(frozen=True)
class Snapshot:
    """What a full rebuild fixes until the next one: the weights of words, and the popularity of members."""

    vocabulary: Vocabulary
    popularity: Popularity


class ShortlistIndex:
    """The approved ones of `members`, ready to be ranked. Their order does not matter."""

    def __init__(
        self,
        members: Iterable[Member],
        collaborations: Sequence[Collaboration] = (),
        interactions: Iterable[Interaction] = (),
        labels: Mapping[str, LocalizedText] = TOPICS,
        snapshot: Snapshot | None = None,
        rules: Mapping[Mode, Rule] = RULES,
    ) -> None:
        """Read members and weigh their words. Raises ValueError on a duplicate id.

        `collaborations` are public; `interactions` are what single members know of each other, and count as
        `past_interactions` says. `labels` names the topics. With the `snapshot` of an earlier index words keep the weights
        they had there, new words have the weight of a word in no open text, and popularity stays as it was. Other `rules`
        of the three modes are for evaluation, or for a new version beside the old.
        """
        self._members = sorted((member for member in members if member.approved), key=lambda member: member.id)
        self._position = {member.id: position for position, member in enumerate(self._members)}
        if len(self._position) < len(self._members):
            raise ValueError("a member is listed twice: give each id once")
        self._topics_text = cache(lambda shared: sentences.topics(shared, labels))
        self._history = CollaborationHistory(collaborations, self._position)
        self._experience = self._history.experience()
        self._unknown = frozenset[str]() if collaborations else COLLABORATION_FEATURES
        self.interactions = Interactions(interactions)
        self._eligible = {kind: _eligible(kind, self._members) for kind in {member.kind for member in self._members}}
        self._rules = rules
        self._popularity: dict[Mode, Floats] = {}
        if not self._members:
            self.snapshot = snapshot
            return
        self._documents = Documents(self._members, snapshot.vocabulary if snapshot else None)
        self._table = MemberTable(self._members)
        self._candidates = Candidates(self._members, self._documents, self._table, self._history, self._eligible)
        popularity = snapshot.popularity if snapshot else measure_popularity(self._members, self._first_partners)
        self._popularity = {mode: popularity.of(mode, self._position) for mode in rules}
        self.snapshot = Snapshot(self._documents.vocabulary, popularity)

    def shortlist(
        self, member_id: str, limit: int = LIST_LENGTH, within: Collection[str] | None = None
    ) -> dict[Mode, list[Suggestion]]:
        """List the best `limit` partners in each mode open to the member, highest score first, then by id.

        A mode without a partner is an empty list; a score of zero is no suggestion. With `within` the list is for managers of
        these districts: from what is open or restricted to them, and without past interactions. Raises KeyError when the
        member is not in the index.
        """
        return dict(self.shortlists([member_id], limit, within))[member_id]

    def shortlists(
        self, member_ids: Iterable[str] | None = None, limit: int = LIST_LENGTH, within: Collection[str] | None = None
    ) -> Iterator[tuple[str, dict[Mode, list[Suggestion]]]]:
        """Give the shortlist of each member named, or of all, in turn: the same as one at a time, and faster together."""
        viewers = list(range(len(self._members))) if member_ids is None else [self._position[id] for id in member_ids]
        for begin in range(0, len(viewers), BLOCK):
            block = viewers[begin : begin + BLOCK]
            rows = [self._documents.rows(viewer) for viewer in block]
            matches = self._documents.matches(np.concatenate([np.arange(row.start, row.stop) for row in rows]))
            at = 0
            for viewer, row in zip(block, rows, strict=True):
                size = row.stop - row.start
                yield self._members[viewer].id, self._lists(viewer, matches[at : at + size], limit, within)
                at += size

    def explain(self, member_id: str, partner_id: str) -> Suggestion | None:
        """Explain how a partner ranks for a member, listed or not; None where nothing connects them.

        The same members and rule versions give the same answer. Raises KeyError when one of them is not in the index.
        """
        viewer, partner = self._position[member_id], self._position[partner_id]
        matches = self._documents.matches(self._documents.rows(viewer))
        for suggestions in self._lists(viewer, matches, 1, only=partner).values():
            return suggestions[0] if suggestions else None
        return None

    def affected(self, changed: Iterable[str]) -> frozenset[str]:
        """List whose shortlists the `changed` members may be in or have: themselves, and who shares something with them.

        After a change, ask the index from before it and the one made with its `snapshot` after it: the list of a member in
        neither answer is exactly as it was. Unknown ids are skipped.
        """
        affected = np.zeros(len(self._members), dtype=np.bool_)
        for id in changed:
            if id in self._position:
                affected |= self._candidates.reached_by(self._position[id], self.interactions)
        return frozenset(self._members[position].id for position in np.flatnonzero(affected))

    def _lists(
        self, viewer: int, matches: Any, limit: int, within: Collection[str] | None = None, only: int | None = None
    ) -> dict[Mode, list[Suggestion]]:
        if within is None:
            scope, interactions = member_scope(self._documents, self._table, viewer), self._interactions_of(viewer)
        else:
            scope, interactions = district_scope(self._documents, self._table, viewer, within), {}
        matches = _visible_rows(matches, scope)
        collaborations = self._candidates.collaborations_with(viewer)
        values = np.zeros(len(self._members))
        for partner, interaction in interactions.items():
            values[partner] = interaction.value
        candidates = self._candidates.of(scope, matches, collaborations)
        if interactions:
            candidates = np.union1d(candidates, np.flatnonzero(values))
            excluded = [partner for partner, interaction in interactions.items() if interaction.excluded]
            candidates = candidates[~np.isin(candidates, excluded)]
        if only is not None:
            candidates = candidates[candidates == only]
        lists: dict[Mode, list[Suggestion]] = {mode: [] for mode in self._eligible[self._members[viewer].kind] if only is None}
        for mode, pairs in self._pairs_by_mode(scope, candidates, matches, collaborations, values):
            lists[mode] = self._rank(self._rules[mode], pairs, interactions, limit)
        return lists

    def _interactions_of(self, viewer: int) -> dict[int, Interaction]:
        """Give a viewer's interactions with members of the index."""
        interactions = self.interactions.of(self._members[viewer].id)
        return {self._position[id]: interaction for id, interaction in interactions.items() if id in self._position}

    def _first_partners(self, viewer: int, count: int) -> dict[Mode, list[int]]:
        """Number the first `count` partners of a viewer in each mode, as everybody may see them."""
        scope = district_scope(self._documents, self._table, viewer, ())
        matches = _visible_rows(self._documents.matches(self._documents.rows(viewer)), scope)
        partners: dict[Mode, list[int]] = {mode: [] for mode in self._eligible[self._members[viewer].kind]}
        collaborations = self._candidates.collaborations_with(viewer)
        candidates = self._candidates.of(scope, matches, collaborations)
        # No interactions: what single members know must not show in the popularity that all lists use.
        no_interactions = np.zeros(len(self._members))
        for mode, pairs in self._pairs_by_mode(scope, candidates, matches, collaborations, no_interactions):
            rule = self._rules[mode]
            scores = total_parts(score_parts(rule.weights, rounded_features(rule, rule.evaluate(pairs))))
            # Ties by name: ids are drawn anew wherever the same members apply, and would decide who is popular.
            names = np.array([self._members[candidate].name for candidate in pairs.candidates])
            order = np.lexsort((names, -scores))[:count]
            partners[mode] = pairs.candidates[order[scores[order] > 0]].tolist()
        return partners

    def _pairs_by_mode(
        self, scope: ViewerScope, candidates: Ints, matches: Any, collaborations: Floats, interactions: Floats
    ) -> Iterator[tuple[Mode, Pairs]]:
        """Pair a viewer with its candidates in each mode, where there are any."""
        for mode, eligible in self._eligible[self._members[scope.member].kind].items():
            chosen = candidates[eligible[candidates]]
            if len(chosen):
                experience = float(self._experience[scope.member])
                relationships = Relationships(collaborations[chosen], interactions[chosen], self._experience[chosen], experience)
                popularity = self._popularity[mode][chosen] if self._popularity else np.zeros(len(chosen))
                yield mode, Pairs(self._documents, self._table, scope, chosen, matches, relationships, popularity)

    def _rank(self, rule: Rule, pairs: Pairs, interactions: Mapping[int, Interaction], limit: int) -> list[Suggestion]:
        evaluation = rule.evaluate(pairs)
        measured = rounded_features(rule, evaluation)
        measured |= penalty_features(rule, pairs, interactions, measured)
        parts = score_parts({**rule.weights, **PENALTIES}, measured)
        scores = total_parts(parts)
        order = np.argsort(-scores, kind="stable")[:limit]
        order = order[scores[order] > 0]
        # All suggestions at once: converting numbers one by one would take most of the time.
        features = np.stack([values[order] for values in measured.values()], axis=1).tolist()
        contributions = (np.stack([part[order] for part in parts.values()], axis=1) / MILLION).tolist()
        return [
            self._suggest(
                rule, pairs, evaluation, interactions.get(int(pairs.candidates[candidate])), int(candidate),
                int(scores[candidate]) / MILLION, dict(zip(measured, row, strict=True)), dict(zip(parts, part, strict=True)),
            )
            for candidate, row, part in zip(order, features, contributions, strict=True)
        ]  # fmt: skip

    def _suggest(
        self,
        rule: Rule,
        pairs: Pairs,
        evaluation: Evaluation,
        interaction: Interaction | None,
        candidate: int,
        score: float,
        features: dict[str, float],
        contributions: dict[str, float],
    ) -> Suggestion:
        for name in PENALTIES.keys() & features.keys():
            if not features[name]:
                del features[name], contributions[name]
        shortcomings, raising = improvements(rule.weights, features, self._unknown)
        penalties = [name for name in PENALTIES if name in features]
        reasons = [
            *reasons_of(pairs, self._table, evaluation, candidate, self._topics_text),
            *(interaction.reasons() if interaction else ()),
        ]
        return Suggestion(
            partner=self._members[int(pairs.candidates[candidate])].id,
            mode=rule.mode,
            score=score,
            rule=rule.version,
            contributions=contributions,
            passages=tuple(passages_of(pairs.documents, evaluation, candidate)),
            reasons=joined(reasons),
            features=features,
            shortcomings=joined([*map(shortcoming, penalties), shortcomings]) if penalties else shortcomings,
            advice=joined([*map(advice, penalties), raising]) if penalties else raising,
        )


def _visible_rows(matches: Any, scope: ViewerScope) -> Any:
    """Drop the matches of those of the viewer's documents that are outside the scope."""
    if not scope.own.all():
        matches.data *= np.repeat(scope.own, np.diff(matches.indptr))
        matches.eliminate_zeros()
    return matches


def _eligible(kind: Kind, members: Sequence[Member]) -> dict[Mode, Bools]:
    """Mark, for each mode open to a kind, the members it can be matched with."""
    modes = [modes_between(kind, member.kind) for member in members]
    return {mode: marks for mode in RULES if (marks := np.array([mode in possible for possible in modes])).any()}
