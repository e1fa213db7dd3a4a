"""The ranking of a whole set of members: build it once, then ask for one shortlist after another."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from services.matching.ranking import b2b, f2b, r2b
from services.matching.ranking.documents import Bools, Documents, Ints
from services.matching.ranking.explain import passages_of, reasons_of
from services.matching.ranking.modes import modes_of
from services.matching.ranking.pairs import Judgement, Pairs, Rule
from services.matching.ranking.profile import Member
from services.matching.ranking.roster import Roster
from services.matching.ranking.suggestion import Suggestion
from shared.contracts.base import LocalizedText
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind
from shared.contracts.taxonomy import TOPICS

RULES: Mapping[Mode, Rule] = {rule.mode: rule for rule in (b2b.RULE, r2b.RULE, f2b.RULE)}
MILLION = 1_000_000


class Index:
    """The approved ones of `members`, ready to be ranked. The order they come in does not matter."""

    def __init__(self, members: Iterable[Member], labels: Mapping[str, LocalizedText] = TOPICS) -> None:
        """Read members and weigh their words. `labels` names the topics. Raises ValueError when an id comes twice."""
        self._members = sorted((member for member in members if member.approved), key=lambda member: member.id)
        self._position = {member.id: position for position, member in enumerate(self._members)}
        if len(self._position) < len(self._members):
            raise ValueError("a member is in the list twice: give each id once")
        self._labels = labels
        self._eligible = {kind: _eligible(kind, self._members) for kind in {member.kind for member in self._members}}
        if self._members:
            self._documents, self._roster = Documents(self._members), Roster(self._members)

    def shortlist(self, member_id: str, limit: int = 20) -> dict[Mode, list[Suggestion]]:
        """List the best `limit` partners in each mode open to the member, highest score first, then by id.

        A mode without a partner is an empty list; a score of zero is no suggestion. Raises KeyError when the member
        is not in the index.
        """
        viewer = self._position[member_id]
        pairs = Pairs(self._documents, self._roster, viewer)
        eligible = self._eligible[self._members[viewer].kind]
        return {mode: self._rank(RULES[mode], pairs, others, limit) for mode, others in eligible.items()}

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

    def _rank(self, rule: Rule, pairs: Pairs, eligible: Bools, limit: int) -> list[Suggestion]:
        judgement = rule.judge(pairs)
        # Whole millionths: contributions add up to the score exactly, and ties are ties.
        parts = {
            name: np.rint(weight * judgement.features[name] * MILLION).astype(np.int64) * eligible
            for name, weight in rule.weights.items()
        }
        scores: Ints = np.sum(list(parts.values()), axis=0)
        scores[pairs.viewer] = 0
        order = np.argsort(-scores, kind="stable")[:limit]
        return [self._suggest(rule, pairs, judgement, parts, int(other)) for other in order if scores[other] > 0]

    def _suggest(self, rule: Rule, pairs: Pairs, judgement: Judgement, parts: Mapping[str, Ints], other: int) -> Suggestion:
        said = list(reasons_of(pairs, self._roster, judgement, other, self._labels))
        return Suggestion(
            partner=self._members[other].id,
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
