"""The ranking of a whole set of members: build it once, then ask for one shortlist after another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from services.matching.ranking import b2b, f2b, r2b
from services.matching.ranking.advice import advise
from services.matching.ranking.documents import Bools, Documents, Ints
from services.matching.ranking.explain import passages_of, reasons_of
from services.matching.ranking.modes import modes_of
from services.matching.ranking.pairs import Acquaintance, Judgement, Pairs, Rule
from services.matching.ranking.profile import Member
from services.matching.ranking.roster import Roster
from services.matching.ranking.suggestion import Suggestion
from services.matching.ranking.text import Vocabulary
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


class Index:
    """The approved ones of `members`, ready to be ranked. The order they come in does not matter."""

    def __init__(
        self,
        members: Iterable[Member],
        works: Sequence[Work] = (),
        declined: Collection[tuple[str, str]] = (),
        labels: Mapping[str, LocalizedText] = TOPICS,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """Read members and weigh their words. Raises ValueError when an id comes twice.

        `works` is what members did together. Of a pair in `declined` the first has declined the second: it does not see it
        again. `labels` names the topics. With the `vocabulary` of an earlier index words keep the weights they had there, and new
        words have none.
        """
        self._members = sorted((member for member in members if member.approved), key=lambda member: member.id)
        self._position = {member.id: position for position, member in enumerate(self._members)}
        if len(self._position) < len(self._members):
            raise ValueError("a member is in the list twice: give each id once")
        self._labels = labels
        self._history = History(works, self._position)
        self._kept = np.ones(len(works))
        self._experience = self._history.experience()
        self._declined: dict[str, set[int]] = {}
        for by, towards in declined:
            if towards in self._position:
                self._declined.setdefault(by, set()).add(self._position[towards])
        self._eligible = {kind: _eligible(kind, self._members) for kind in {member.kind for member in self._members}}
        if self._members:
            self._documents, self._roster = Documents(self._members, vocabulary), Roster(self._members)

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The words and their weights; None without members."""
        return self._documents.vocabulary if self._members else None

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
        near = self._roster.neighbours(viewer)
        others = self._candidates(viewer, near, matches)
        if only is not None:
            others = others[others == only]
        lists: dict[Mode, list[Suggestion]] = {}
        for mode, eligible in self._eligible[self._members[viewer].kind].items():
            chosen = others[eligible[others]]
            lists[mode] = []
            if len(chosen):
                together = self._history.together(viewer, self._kept)[chosen]
                known = Acquaintance(together, self._experience[chosen], float(self._experience[viewer]))
                pairs = Pairs(self._documents, self._roster, viewer, chosen, near, matches, known)
                lists[mode] = self._rank(RULES[mode], pairs, limit)
        return {mode: found for mode, found in lists.items() if only is None or found}

    def _candidates(self, viewer: int, near: Bools, matches: Any) -> Ints:
        """Number, in order, whoever may have something in common with `viewer`; what it may not see finds nobody."""
        documents = self._documents
        visible = documents.open[matches.indices] | near[documents.owner[matches.indices]]
        found = self._history.together(viewer, self._kept) > 0
        found[documents.owner[matches.indices[visible]]] = True
        if np.count_nonzero(found) < FEW:
            found[self._roster.sharers(viewer, near, MOST_SHARERS)] = True
        mine = documents.rows(viewer)
        if documents.capital[mine].any():
            offers, needs = documents.offers(("capital",)), documents.needs(("capital",))
            theirs = needs if self._members[viewer].kind == "financial-operator" else offers
            rows = np.flatnonzero(theirs)
            found[documents.owner[rows[documents.open[rows] | near[documents.owner[rows]]]]] = True
        found[[viewer, *self._declined.get(self._members[viewer].id, ())]] = False
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
        # Whole millionths: contributions add up to the score exactly, and ties are ties.
        parts = {
            name: np.rint(weight * judgement.features[name] * MILLION).astype(np.int64) for name, weight in rule.weights.items()
        }
        scores: Ints = np.sum(list(parts.values()), axis=0)
        order = np.argsort(-scores, kind="stable")[:limit]
        return [self._suggest(rule, pairs, judgement, parts, int(other)) for other in order if scores[other] > 0]

    def _suggest(self, rule: Rule, pairs: Pairs, judgement: Judgement, parts: Mapping[str, Ints], other: int) -> Suggestion:
        features = {name: round(float(judgement.features[name][other]), 6) for name in rule.weights}
        why_not, raising = advise(rule.weights, features)
        said = list(reasons_of(pairs, self._roster, judgement, other, self._labels))
        return Suggestion(
            partner=self._members[int(pairs.others[other])].id,
            mode=rule.mode,
            score=sum(int(part[other]) for part in parts.values()) / MILLION,
            rule=rule.version,
            contributions={name: int(part[other]) / MILLION for name, part in parts.items()},
            passages=tuple(passages_of(pairs.documents, judgement, other)),
            why_it=" ".join(it for it, _ in said),
            why_en=" ".join(en for _, en in said),
            features=features,
            why_not_it=why_not[0],
            why_not_en=why_not[1],
            raise_it=raising[0],
            raise_en=raising[1],
        )


def _eligible(kind: Kind, members: Sequence[Member]) -> dict[Mode, Bools]:
    """Mark, for each mode open to a kind, the members it can be matched with."""
    modes = [modes_of(kind, member.kind) for member in members]
    return {mode: marks for mode in RULES if (marks := np.array([mode in some for some in modes])).any()}
