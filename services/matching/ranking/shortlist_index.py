"""The ranking of a whole set of members: build it once, then ask for one shortlist after another."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from services.matching.ranking.candidates import Candidates
from services.matching.ranking.corpus.collaborations import History, Work
from services.matching.ranking.corpus.documents import Bools, Documents, Floats, Ints
from services.matching.ranking.corpus.members import Roster
from services.matching.ranking.corpus.profile import Member
from services.matching.ranking.corpus.visibility import View, own_view, shared_view
from services.matching.ranking.explain import sentences
from services.matching.ranking.explain.evidence import passages_of, reasons_of
from services.matching.ranking.explain.improvements import OF_WORKS, advise
from services.matching.ranking.rules import b2b, f2b, r2b
from services.matching.ranking.rules.features import Acquaintance, Judgement, Pairs, Rule
from services.matching.ranking.rules.modes import modes_of
from services.matching.ranking.rules.past_interactions import SAID, WEIGHTS, Dealing, Dealings
from services.matching.ranking.rules.popularity import Demand, measure
from services.matching.ranking.suggestion import Suggestion
from services.matching.ranking.text.vectorizer import Vocabulary
from shared.contracts.base import LocalizedText
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind
from shared.contracts.taxonomy import TOPICS

RULES: Mapping[Mode, Rule] = {rule.mode: rule for rule in (b2b.RULE, r2b.RULE, f2b.RULE)}
MILLION = 1_000_000

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
        dealings: Iterable[Dealing] = (),
        labels: Mapping[str, LocalizedText] = TOPICS,
        vocabulary: Frozen | None = None,
        rules: Mapping[Mode, Rule] = RULES,
    ) -> None:
        """Read members and weigh their words. Raises ValueError when an id comes twice.

        `works` is what members did together and everybody knows; `dealings` what single members know of each other: they
        count as `acquaintance` says. `labels` names the topics. With the `vocabulary` of an earlier index words keep the
        weights they had there, new words weigh as those that no open text had, and demand is as it was. Other `rules` of the
        three modes are for measuring, or for a new version beside the old.
        """
        self._members = sorted((member for member in members if member.approved), key=lambda member: member.id)
        self._position = {member.id: position for position, member in enumerate(self._members)}
        if len(self._position) < len(self._members):
            raise ValueError("a member is in the list twice: give each id once")
        self._topics_said = cache(lambda shared: sentences.topics(shared, labels))
        self._history = History(works, self._position)
        self._experience = self._history.experience()
        self._unknown = frozenset[str]() if works else OF_WORKS
        self.dealings = Dealings(dealings)
        self._eligible = {kind: _eligible(kind, self._members) for kind in {member.kind for member in self._members}}
        self._rules = rules
        self._demands: dict[Mode, Floats] = {}
        if not self._members:
            self.vocabulary = vocabulary
            return
        self._documents, self._roster = Documents(self._members, vocabulary.words if vocabulary else None), Roster(self._members)
        documents = self._documents
        self._candidates = Candidates(self._members, documents, self._roster, self._history, self._eligible)
        demand = vocabulary.demand if vocabulary else measure(self._members, self._firsts)
        self._demands = {mode: demand.of(mode, self._position) for mode in rules}
        self.vocabulary = Frozen(documents.vocabulary, demand)

    def shortlist(self, member_id: str, limit: int = 20, within: Collection[str] | None = None) -> dict[Mode, list[Suggestion]]:
        """List the best `limit` partners in each mode open to the member, highest score first, then by id.

        A mode without a partner is an empty list; a score of zero is no suggestion. `within` some districts it is a list for
        others to see: of what is open or kept to these, and as if the member had dealt with nobody. Raises KeyError when the
        member is not in the index.
        """
        return dict(self.shortlists([member_id], limit, within))[member_id]

    def shortlists(
        self, member_ids: Iterable[str] | None = None, limit: int = 20, within: Collection[str] | None = None
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
        """Say how a partner stands with a member, listed or not; None where there is nothing between them.

        The same members and rule versions give the same answer. Raises KeyError when one of them is not in the index.
        """
        viewer, other = self._position[member_id], self._position[partner_id]
        for found in self._lists(viewer, self._documents.matches(self._documents.rows(viewer)), 1, only=other).values():
            return found[0] if found else None
        return None

    def _lists(
        self, viewer: int, matches: Any, limit: int, within: Collection[str] | None = None, only: int | None = None
    ) -> dict[Mode, list[Suggestion]]:
        if within is None:
            view, dealt = own_view(self._documents, self._roster, viewer), self._dealt(viewer)
        else:
            view, dealt = shared_view(self._documents, self._roster, viewer, within), {}
        matches = _of_own(matches, view)
        together = self._candidates.together(viewer)
        worth = np.zeros(len(self._members))
        for other, dealing in dealt.items():
            worth[other] = dealing.worth
        others = self._candidates.of(view, matches, together)
        if dealt:
            others = np.union1d(others, np.flatnonzero(worth))
            others = others[~np.isin(others, [other for other, dealing in dealt.items() if dealing.excluded])]
        if only is not None:
            others = others[others == only]
        lists: dict[Mode, list[Suggestion]] = {mode: [] for mode in self._eligible[self._members[viewer].kind] if only is None}
        for mode, pairs in self._paired(view, others, matches, together, worth):
            lists[mode] = self._rank(self._rules[mode], pairs, dealt, limit)
        return lists

    def _dealt(self, viewer: int) -> dict[int, Dealing]:
        """Give a viewer's dealings with members that are here."""
        dealings = self.dealings.of(self._members[viewer].id)
        return {self._position[id]: dealing for id, dealing in dealings.items() if id in self._position}

    def _firsts(self, viewer: int, count: int) -> dict[Mode, list[int]]:
        """Number the first `count` partners of a viewer in each mode, as everybody may see them."""
        view = shared_view(self._documents, self._roster, viewer, ())
        matches = _of_own(self._documents.matches(self._documents.rows(viewer)), view)
        firsts: dict[Mode, list[int]] = {mode: [] for mode in self._eligible[self._members[viewer].kind]}
        together = self._candidates.together(viewer)
        # No dealings: what single members know must not show in what all are shown.
        nothing = np.zeros(len(self._members))
        for mode, pairs in self._paired(view, self._candidates.of(view, matches, together), matches, together, nothing):
            rule = self._rules[mode]
            scores: Ints = np.sum(list(_parts(rule.weights, _rounded(rule, rule.judge(pairs))).values()), axis=0)
            # Equals by name: ids are drawn anew wherever the same members apply, and would decide who is in demand.
            named = np.array([self._members[other].name for other in pairs.others])
            order = np.lexsort((named, -scores))[:count]
            firsts[mode] = pairs.others[order[scores[order] > 0]].tolist()
        return firsts

    def _paired(self, view: View, others: Ints, matches: Any, together: Floats, worth: Floats) -> Iterator[tuple[Mode, Pairs]]:
        """Set a viewer beside the others it can be matched with in each mode, where there are any."""
        for mode, eligible in self._eligible[self._members[view.member].kind].items():
            chosen = others[eligible[others]]
            if len(chosen):
                own = float(self._experience[view.member])
                known = Acquaintance(together[chosen], worth[chosen], self._experience[chosen], own)
                demand = self._demands[mode][chosen] if self._demands else np.zeros(len(chosen))
                yield mode, Pairs(self._documents, self._roster, view, chosen, matches, known, demand)

    def affected(self, changed: Iterable[str]) -> frozenset[str]:
        """Say whose shortlists members `changed` may stand in or have: they themselves, and who shares something with them.

        After a change, ask the index from before it and the one made with its `vocabulary` after it: whoever neither names
        keeps the list it has, exactly. Ids that are not here are passed over.
        """
        touched = np.zeros(len(self._members), dtype=np.bool_)
        for id in changed:
            if id in self._position:
                touched |= self._candidates.reached_by(self._position[id], self.dealings)
        return frozenset(self._members[place].id for place in np.flatnonzero(touched))

    def _rank(self, rule: Rule, pairs: Pairs, dealt: Mapping[int, Dealing], limit: int) -> list[Suggestion]:
        judgement = rule.judge(pairs)
        measured = _rounded(rule, judgement)
        measured |= _lowering(rule, pairs, dealt, measured)
        parts = _parts({**rule.weights, **WEIGHTS}, measured)
        scores: Ints = np.sum(list(parts.values()), axis=0)
        order = np.argsort(-scores, kind="stable")[:limit]
        order = order[scores[order] > 0]
        # Numbers of all suggestions at once: one by one they would take most of the time.
        features = np.stack([values[order] for values in measured.values()], axis=1).tolist()
        contributions = (np.stack([part[order] for part in parts.values()], axis=1) / MILLION).tolist()
        return [
            self._suggest(
                rule, pairs, judgement, dealt.get(int(pairs.others[other])), int(other), int(scores[other]) / MILLION,
                dict(zip(measured, row, strict=True)), dict(zip(parts, part, strict=True)),
            )
            for other, row, part in zip(order, features, contributions, strict=True)
        ]  # fmt: skip

    def _suggest(
        self,
        rule: Rule,
        pairs: Pairs,
        judgement: Judgement,
        dealing: Dealing | None,
        other: int,
        score: float,
        features: dict[str, float],
        contributions: dict[str, float],
    ) -> Suggestion:
        for name in WEIGHTS.keys() & features.keys():
            if not features[name]:
                del features[name], contributions[name]
        why_not, raising = advise(rule.weights, features, self._unknown)
        lowered = [SAID[name] for name in WEIGHTS if name in features]
        said = [*reasons_of(pairs, self._roster, judgement, other, self._topics_said), *(dealing.reasons() if dealing else ())]
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
            why_not_it=_before([why[0] for why, _ in lowered], why_not[0]),
            why_not_en=_before([why[1] for why, _ in lowered], why_not[1]),
            raise_it=_before([advice[0] for _, advice in lowered], raising[0]),
            raise_en=_before([advice[1] for _, advice in lowered], raising[1]),
        )


def _of_own(matches: Any, view: View) -> Any:
    """Leave the matches of those of the viewer's documents that the view holds."""
    if not view.own.all():
        matches.data *= np.repeat(view.own, np.diff(matches.indptr))
        matches.eliminate_zeros()
    return matches


def _lowering(rule: Rule, pairs: Pairs, dealt: Mapping[int, Dealing], features: Mapping[str, Floats]) -> dict[str, Floats]:
    """Give what acquaintance takes away: as a feature, what the rule gives where one of its reasons applies, else 0."""
    lowered = {other: dealing.lowered for other, dealing in dealt.items() if dealing.lowered}
    if not lowered:
        return {}
    whole = np.sum(list(_parts(rule.weights, features).values()), axis=0) / MILLION
    marks = {name: [other for other, names in lowered.items() if name in names] for name in WEIGHTS}
    return {name: np.where(np.isin(pairs.others, marked), whole, 0.0) for name, marked in marks.items()}


def _before(first: list[str], then: str) -> str:
    return " ".join([*first, then]) if first else then


def _rounded(rule: Rule, judgement: Judgement) -> dict[str, Floats]:
    """Give the features of a rule as they are kept, so that what is kept gives the very same contributions."""
    return {name: np.round(judgement.features[name], 6) for name in rule.weights}


def _parts(weights: Mapping[str, float], features: Mapping[str, Floats]) -> dict[str, Ints]:
    """Give each feature's part of the scores in whole millionths: they add up exactly, and ties are ties."""
    return {name: np.rint(weights[name] * values * MILLION).astype(np.int64) for name, values in features.items()}


def _eligible(kind: Kind, members: Sequence[Member]) -> dict[Mode, Bools]:
    """Mark, for each mode open to a kind, the members it can be matched with."""
    modes = [modes_of(kind, member.kind) for member in members]
    return {mode: marks for mode in RULES if (marks := np.array([mode in some for some in modes])).any()}
