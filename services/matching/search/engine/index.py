"""The members of one moment, ready to be asked."""

from collections import OrderedDict
from datetime import datetime

from services.matching.ranking import ShortlistIndex, TextQuery, TextSearch
from services.matching.ranking.shortlist_index import Snapshot
from services.matching.search.engine.protocol import Among, Reply, Supplier, Supply
from services.matching.search.engine.reasons import reasons
from services.matching.shortlist.inputs import Inputs
from services.matching.shortlist.serialization import suggestion_document

KEPT = 8
"""Indexes of participants that are kept: asked for one member, the next is often of the same event."""


class Unknown(Exception):
    """A member that asks is not here yet, or nobody has been ranked yet."""


class Corpus:
    """Members and their dealings at the moment `computed`, and the weights that the ranker's last full pass gave."""

    def __init__(self, inputs: Inputs, snapshot: Snapshot | None, computed: datetime) -> None:
        self.computed = computed
        self._inputs = inputs
        self._frozen = snapshot
        self._answers = TextSearch(list(inputs.members.values()))
        self._among: OrderedDict[frozenset[str], ShortlistIndex] = OrderedDict()

    def reply(self, question: Supply | Among) -> Reply:
        """Answer a question. Raises Unknown."""
        return self._supply(question) if isinstance(question, Supply) else self._meet(question)

    def _supply(self, asked: Supply) -> Reply:
        if asked.seeker is not None and asked.seeker not in self._inputs.members:
            raise Unknown
        dealt = self._inputs.known.get(asked.seeker or "", ()) if asked.by_itself else ()
        unwanted = {interaction.towards for interaction in dealt if interaction.excluded}
        query = TextQuery(asked.text, asked.language, asked.seeker)
        found = self._answers.search(query, asked.limit, without=unwanted, relevant_only=True)
        suppliers = tuple(
            Supplier(
                partner=one.partner,
                score=one.score,
                contributions=one.contributions,
                features=one.features,
                best=one.best,
                why=reasons(one.contributions, one.best),
            )
            for one in found
        )
        return Reply(computed=self.computed, rule=self._answers.weights.version, suppliers=suppliers)

    def _meet(self, asked: Among) -> Reply:
        if self._frozen is None or asked.member not in self._inputs.members:
            raise Unknown
        index = self._index(asked.others | {asked.member})
        lists = index.shortlist(asked.member, asked.limit + len(asked.without), asked.within)
        shown = {
            mode: [suggestion_document(item) for item in items if item.partner not in asked.without][: asked.limit]
            for mode, items in lists.items()
        }
        return Reply(computed=self.computed, lists=shown)

    def _index(self, ids: frozenset[str]) -> ShortlistIndex:
        """Index some members. Words and demand weigh what they weigh among all: so scores are those of the shortlists."""
        if ids not in self._among:
            some = [self._inputs.members[id] for id in sorted(ids) if id in self._inputs.members]
            self._among[ids] = ShortlistIndex(some, interactions=self._inputs.interactions, snapshot=self._frozen)
            if len(self._among) > KEPT:
                self._among.popitem(last=False)
        self._among.move_to_end(ids)
        return self._among[ids]
