"""The ranking of a whole set of members: build it once, then ask for one shortlist after another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from services.matching.ranking import b2b, f2b, r2b, sentences
from services.matching.ranking.advice import advise
from services.matching.ranking.demand import Demand, measure
from services.matching.ranking.documents import Bools, Documents, Floats, Ints
from services.matching.ranking.explain import passages_of, reasons_of
from services.matching.ranking.modes import modes_of
from services.matching.ranking.pairs import Acquaintance, Judgement, Pairs, Rule
from services.matching.ranking.profile import Member
from services.matching.ranking.roster import Roster
from services.matching.ranking.suggestion import Suggestion
from services.matching.ranking.text import Vocabulary
from services.matching.ranking.view import View, open_view, own_view
from services.matching.ranking.works import History, Work
from shared.contracts.base import LocalizedText
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind
from shared.contracts.taxonomy import TOPICS

RULES: Mapping[Mode, Rule] = {rule.mode: rule for rule in (b2b.RULE, r2b.RULE, f2b.RULE)}
MILLION = 1_000_000


# Fewer than FEW members with words in common, and those with topics in common are looked at too, `MOST_SHARERS` at most.
FEW, MOST_SHARERS = 60, 500
# Members whose documents are multiplied at once.
BLOCK = 32


@dataclass(frozen=True)
class Frozen:
    """What stays from one full pass to the next: the weights of words, and how much members are in demand."""

    words: Vocabulary
    demand: Demand


class Index:
    """The approved ones of `members`, ready to be ranked. The order they come in does not matter."""

    def __init__(
        self,
        members: Iterable[Member],
        works: Sequence[Work] = (),
        declined: Collection[tuple[str, str]] = (),
        labels: Mapping[str, LocalizedText] = TOPICS,
        vocabulary: Frozen | None = None,
        rules: Mapping[Mode, Rule] = RULES,
    ) -> None:
        """Read members and weigh their words. Raises ValueError when an id comes twice.

        `works` is what members did together. Of a pair in `declined` the first has declined the second: it does not see it
        again. `labels` names the topics. With the `vocabulary` of an earlier index words keep the weights they had there, new words
        have none, and demand is as it was. Other `rules` of the three modes are for measuring, or for a new version beside the old.
        """
        self._members = sorted((member for member in members if member.approved), key=lambda member: member.id)
        self._position = {member.id: position for position, member in enumerate(self._members)}
        if len(self._position) < len(self._members):
            raise ValueError("a member is in the list twice: give each id once")
        self._topics_said = cache(lambda shared: sentences.topics(shared, labels))
        self._history = History(works, self._position)
        self._kept = np.ones(len(works))
        self._experience = self._history.experience()
        self._declined: dict[str, set[int]] = {}
        for by, towards in declined:
            if towards in self._position:
                self._declined.setdefault(by, set()).add(self._position[towards])
        self._eligible = {kind: _eligible(kind, self._members) for kind in {member.kind for member in self._members}}
        self._rules = rules
        self._demands: dict[Mode, Floats] = {}
        if not self._members:
            self.vocabulary = vocabulary
            return
        self._documents, self._roster = Documents(self._members, vocabulary.words if vocabulary else None), Roster(self._members)
        documents = self._documents
        self._lenders, self._seekers = (np.flatnonzero(side(("capital",))) for side in (documents.offers, documents.needs))
        demand = vocabulary.demand if vocabulary else measure(self._members, self._firsts)
        self._demands = {mode: demand.of(mode, self._position) for mode in rules}
        self.vocabulary = Frozen(documents.vocabulary, demand)

    def shortlist(self, member_id: str, limit: int = 20) -> dict[Mode, list[Suggestion]]:
        """List the best `limit` partners in each mode open to the member, highest score first, then by id.

        A mode without a partner is an empty list; a score of zero is no suggestion. Raises KeyError when the member
        is not in the index.
        """
        return dict(self.shortlists([member_id], limit))[member_id]

    def shortlists(
        self, member_ids: Iterable[str] | None = None, limit: int = 20
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
                yield self._members[viewer].id, self._lists(viewer, matches[at : at + size], limit)
                at += size

    def explain(self, member_id: str, partner_id: str) -> Suggestion | None:
        """Say how a partner stands with a member, listed or not; None where there is nothing between them.

        The same members and rule versions give the same answer. Raises KeyError when one of them is not in the index.
        """
        viewer, other = self._position[member_id], self._position[partner_id]
        for found in self._lists(viewer, self._documents.matches(self._documents.rows(viewer)), 1, only=other).values():
            return found[0] if found else None
        return None

    def _lists(self, viewer: int, matches: Any, limit: int, only: int | None = None) -> dict[Mode, list[Suggestion]]:
        view = own_view(self._documents, self._roster, viewer)
        together = self._history.together(viewer, self._kept)
        others = self._candidates(view, matches, together)
        others = others[~np.isin(others, list(self._declined.get(self._members[viewer].id, ())))]
        if only is not None:
            others = others[others == only]
        lists: dict[Mode, list[Suggestion]] = {mode: [] for mode in self._eligible[self._members[viewer].kind] if only is None}
        for mode, pairs in self._paired(view, others, matches, together):
            lists[mode] = self._rank(self._rules[mode], pairs, limit)
        return lists

    def _firsts(self, viewer: int, count: int) -> dict[Mode, list[int]]:
        """Number the first `count` partners of a viewer in each mode, as everybody may see them."""
        view = open_view(self._documents, self._roster, viewer)
        matches = self._documents.matches(self._documents.rows(viewer))
        matches.data *= np.repeat(view.own, np.diff(matches.indptr))
        matches.eliminate_zeros()
        firsts: dict[Mode, list[int]] = {mode: [] for mode in self._eligible[self._members[viewer].kind]}
        together = self._history.together(viewer, self._kept)
        for mode, pairs in self._paired(view, self._candidates(view, matches, together), matches, together):
            scores: Ints = np.sum(list(_parts(self._rules[mode], self._rules[mode].judge(pairs)).values()), axis=0)
            order = np.argsort(-scores, kind="stable")[:count]
            firsts[mode] = pairs.others[order[scores[order] > 0]].tolist()
        return firsts

    def _paired(self, view: View, others: Ints, matches: Any, together: Floats) -> Iterator[tuple[Mode, Pairs]]:
        """Set a viewer beside the others it can be matched with in each mode, where there are any."""
        for mode, eligible in self._eligible[self._members[view.member].kind].items():
            chosen = others[eligible[others]]
            if len(chosen):
                known = Acquaintance(together[chosen], self._experience[chosen], float(self._experience[view.member]))
                demand = self._demands[mode][chosen] if self._demands else np.zeros(len(chosen))
                yield mode, Pairs(self._documents, self._roster, view, chosen, matches, known, demand)

    def _candidates(self, view: View, matches: Any, together: Floats) -> Ints:
        """Number, in order, whoever may have something in common with the viewer; what the view does not hold finds nobody."""
        documents = self._documents
        visible = documents.open[matches.indices] | view.near[documents.owner[matches.indices]]
        found = together > 0
        found[documents.owner[matches.indices[visible]]] = True
        if np.count_nonzero(found) < FEW:
            found[self._roster.sharers(view.topics, view.near, MOST_SHARERS)] = True
        if (documents.capital[documents.rows(view.member)] & view.own).any():
            rows = self._seekers if self._members[view.member].kind == "financial-operator" else self._lenders
            found[documents.owner[rows[documents.open[rows] | view.near[documents.owner[rows]]]]] = True
        found[view.member] = False
        return np.flatnonzero(found)

    def affected(self, changed: Iterable[str]) -> frozenset[str]:
        """Say whose shortlists members `changed` may stand in or have: they themselves, and who shares something with them.

        After a change, ask the index from before it and the one made with its `vocabulary` after it: whoever neither names
        keeps the list it has, exactly. Ids that are not here are passed over.
        """
        touched = np.zeros(len(self._members), dtype=np.bool_)
        for id in changed:
            if id in self._position:
                touched |= self._sharing(self._position[id])
        return frozenset(self._members[place].id for place in np.flatnonzero(touched))

    def _sharing(self, changed: int) -> Bools:
        """Mark whoever may have a member among its candidates, seen or not; more than need be, never fewer."""
        documents, kind = self._documents, self._members[changed].kind
        sharing = self._history.together(changed, self._kept) > 0
        mine = documents.rows(changed)
        sharing[documents.owner[documents.matches(mine).indices]] = True
        sharing |= self._roster.any_topics(changed)
        if documents.capital[mine].any():
            sharing[documents.owner[np.flatnonzero(documents.capital)]] = True
        sharing &= np.logical_or.reduce([*self._eligible[kind].values(), np.zeros(len(sharing), dtype=np.bool_)])
        sharing[changed] = True
        return sharing

    def _rank(self, rule: Rule, pairs: Pairs, limit: int) -> list[Suggestion]:
        judgement = rule.judge(pairs)
        parts = _parts(rule, judgement)
        scores: Ints = np.sum(list(parts.values()), axis=0)
        order = np.argsort(-scores, kind="stable")[:limit]
        order = order[scores[order] > 0]
        # Numbers of all suggestions at once: one by one they would take most of the time.
        features = np.round([judgement.features[name][order] for name in rule.weights], 6).T.tolist()
        contributions = (np.stack([part[order] for part in parts.values()], axis=1) / MILLION).tolist()
        return [
            self._suggest(
                rule, pairs, judgement, int(other), int(scores[other]) / MILLION,
                dict(zip(rule.weights, row, strict=True)), dict(zip(parts, part, strict=True)),
            )
            for other, row, part in zip(order, features, contributions, strict=True)
        ]  # fmt: skip

    def _suggest(
        self,
        rule: Rule,
        pairs: Pairs,
        judgement: Judgement,
        other: int,
        score: float,
        features: dict[str, float],
        contributions: dict[str, float],
    ) -> Suggestion:
        why_not, raising = advise(rule.weights, features)
        said = list(reasons_of(pairs, self._roster, judgement, other, self._topics_said))
        return Suggestion(
            partner=self._members[int(pairs.others[other])].id,
            mode=rule.mode,
            score=score,
            rule=rule.version,
            contributions=contributions,
            passages=tuple(passages_of(pairs.documents, judgement, other)),
            why_it=" ".join(it for it, _ in said),
            why_en=" ".join(en for _, en in said),
            features=features,
            why_not_it=why_not[0],
            why_not_en=why_not[1],
            raise_it=raising[0],
            raise_en=raising[1],
        )


def _parts(rule: Rule, judgement: Judgement) -> dict[str, Ints]:
    """Give each feature's part of the scores in whole millionths: they add up exactly, and ties are ties."""
    return {name: np.rint(weight * judgement.features[name] * MILLION).astype(np.int64) for name, weight in rule.weights.items()}


def _eligible(kind: Kind, members: Sequence[Member]) -> dict[Mode, Bools]:
    """Mark, for each mode open to a kind, the members it can be matched with."""
    modes = [modes_of(kind, member.kind) for member in members]
    return {mode: marks for mode in RULES if (marks := np.array([mode in some for some in modes])).any()}
