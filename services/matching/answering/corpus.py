"""The members of one moment, ready to be asked."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.matching.answering.questions import Among, Reply, Supplier, Supply
from services.matching.answering.reasons import reasons
from services.matching.ranking import Answers, Index, Member, Query, Suggestion, Work
from services.matching.ranking.documents import Documents
from services.matching.ranking.text import Vocabulary

KEPT = 8
"""Indexes of participants that are kept: asked for one member, the next is often of the same event."""
SLACK = 100
"""Answers looked at beyond those asked for, since some say nothing."""


class Unknown(Exception):
    """A member that asks is not in the corpus: it was approved after this was read."""


class Corpus:
    """Approved members and what they did together, at the moment `computed`."""

    def __init__(self, members: Sequence[Member], works: Sequence[Work], computed: datetime) -> None:
        self.computed = computed
        self._members = {member.id: member for member in members if member.approved}
        self._works = works
        self._answers = Answers(members, works)
        self._vocabulary: Vocabulary | None = None
        self._among: OrderedDict[frozenset[str], Index] = OrderedDict()

    def reply(self, question: Supply | Among) -> Reply:
        """Answer a question. Raises Unknown."""
        return self._supply(question) if isinstance(question, Supply) else self._meet(question)

    def _supply(self, asked: Supply) -> Reply:
        if asked.seeker is not None and asked.seeker not in self._members:
            raise Unknown
        query = Query(asked.text, asked.language, asked.seeker)
        found = self._answers.answer(query, asked.limit + len(asked.without) + SLACK)
        # A score may rest on what says nothing of the matter, such as a member's kind: that is no answer.
        telling = [one for one in found if one.best is not None or one.features.get("name", 0) > 0]
        chosen = [one for one in telling if one.partner not in asked.without][: asked.limit]
        suppliers = tuple(
            Supplier(
                partner=one.partner,
                score=one.score,
                contributions=one.contributions,
                features=one.features,
                best=one.best,
                why=reasons(one.contributions, one.best),
            )
            for one in chosen
        )
        return Reply(computed=self.computed, rule=self._answers.weights.version, suppliers=suppliers)

    def _meet(self, asked: Among) -> Reply:
        if asked.member not in self._members:
            raise Unknown
        index = self._index(asked.others | {asked.member})
        lists = index.shortlist(asked.member, asked.limit + len(asked.without))
        shown = {
            mode: [_document(item) for item in items if item.partner not in asked.without][: asked.limit]
            for mode, items in lists.items()
        }
        return Reply(computed=self.computed, lists=shown)

    def _index(self, ids: frozenset[str]) -> Index:
        """Index some members, with the words weighing what they weigh among all: so scores are those of the shortlists."""
        if ids not in self._among:
            if self._vocabulary is None:
                self._vocabulary = Documents(list(self._members.values())).vocabulary
            some = [self._members[id] for id in sorted(ids) if id in self._members]
            self._among[ids] = Index(some, self._works, vocabulary=self._vocabulary)
            if len(self._among) > KEPT:
                self._among.popitem(last=False)
        self._among.move_to_end(ids)
        return self._among[ids]


def _document(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "partner": suggestion.partner,
        "score": suggestion.score,
        "rule": suggestion.rule,
        "contributions": suggestion.contributions,
        "passages": [vars(passage) for passage in suggestion.passages],
        "why": {"it": suggestion.why_it, "en": suggestion.why_en},
        "features": suggestion.features,
        "why_not": {"it": suggestion.why_not_it, "en": suggestion.why_not_en},
        "raise": {"it": suggestion.raise_it, "en": suggestion.raise_en},
    }
