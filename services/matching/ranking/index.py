"""The ranking of a whole set of members: build it once, then ask for one shortlist after another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from services.matching.ranking import b2b, f2b, r2b
from services.matching.ranking.documents import Bools, Documents, Ints
from services.matching.ranking.explain import passages_of, reasons_of
from services.matching.ranking.modes import modes_of
from services.matching.ranking.pairs import Acquaintance, Judgement, Pairs, Rule
from services.matching.ranking.profile import Member
from services.matching.ranking.roster import Roster
from services.matching.ranking.suggestion import Suggestion
from services.matching.ranking.works import History, Work
from shared.contracts.base import LocalizedText
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind
from shared.contracts.taxonomy import TOPICS

RULES: Mapping[Mode, Rule] = {rule.mode: rule for rule in (b2b.RULE, r2b.RULE, f2b.RULE)}
MILLION = 1_000_000


# Fewer than FEW members with words in common, and those with topics in common are looked at too, `MOST_SHARERS` at most.
FEW, MOST_SHARERS = 100, 2000
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
    ) -> None:
        """Read members and weigh their words. Raises ValueError when an id comes twice.

        `works` is what members did together. Of a pair in `declined` the first has declined the second: it does not see it
        again. `labels` names the topics.
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
            self._documents, self._roster = Documents(self._members), Roster(self._members)

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
        found = np.unique(documents.owner[matches.indices[visible]])
        parts = [found, np.flatnonzero(self._history.together(viewer, self._kept))]
        if len(found) < FEW:
            parts.append(self._roster.sharers(viewer, near, MOST_SHARERS))
        mine = documents.rows(viewer)
        if documents.capital[mine].any():
            offers, needs = documents.offers(("capital",)), documents.needs(("capital",))
            theirs = needs if self._members[viewer].kind == "financial-operator" else offers
            parts.append(documents.owner[np.flatnonzero(theirs & (documents.open | near[documents.owner]))])
        away = [viewer, *self._declined.get(self._members[viewer].id, ())]
        return np.setdiff1d(np.concatenate(parts), away).astype(np.int64)

    def affected(self, changed: Iterable[str]) -> frozenset[str]:
        """Say whose shortlists to compute again after the members `changed` were added, altered or taken away.

        They themselves, and everyone of a kind that can be matched with theirs; all members, when one of them is no
        longer here. More than need be, never fewer, but for one thing: a new text shifts the weight of words a little
        for all, and lists left alone keep the weights they were made with.
        """
        ids = set(changed)
        if ids - self._position.keys():
            return frozenset(self._position)
        kinds = {self._members[self._position[id]].kind for id in ids}
        meets = {member.id for member in self._members if any(modes_of(kind, member.kind) for kind in kinds)}
        return frozenset(ids | meets)

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
        )


def _eligible(kind: Kind, members: Sequence[Member]) -> dict[Mode, Bools]:
    """Mark, for each mode open to a kind, the members it can be matched with."""
    modes = [modes_of(kind, member.kind) for member in members]
    return {mode: marks for mode in RULES if (marks := np.array([mode in some for some in modes])).any()}
