"""The members of one moment, ready to be searched."""

from collections import OrderedDict
from datetime import datetime

from services.matching.ranking import ShortlistIndex, TextQuery, TextSearch
from services.matching.ranking.shortlist_index import Snapshot
from services.matching.search.engine.protocol import PartnerQuestion, Reply, Supplier, SupplierQuestion
from services.matching.search.engine.reasons import reasons_for
from services.matching.shortlist.inputs import Inputs
from services.matching.shortlist.stored import StoredSuggestion, suggestion_document
from shared.chassis.documents import parse

MAX_INDEXES = 8
"""Cached indexes of participants: after one member's question the next is often on the same event."""


class Unready(Exception):
    """The member of the question is not in the index yet, or nothing has been ranked yet."""


class SearchIndex:
    """Members and their interactions at the moment `computed`, and the snapshot of the ranker's last full rebuild."""

    def __init__(self, inputs: Inputs, snapshot: Snapshot | None, computed: datetime) -> None:
        self.computed = computed
        self._inputs = inputs
        self._snapshot = snapshot
        self._text_search = TextSearch(list(inputs.members.values()))
        self._indexes: OrderedDict[frozenset[str], ShortlistIndex] = OrderedDict()

    def reply(self, question: SupplierQuestion | PartnerQuestion) -> Reply:
        """Reply to a question. Raises Unready."""
        return self._suppliers(question) if isinstance(question, SupplierQuestion) else self._partners(question)

    def _suppliers(self, question: SupplierQuestion) -> Reply:
        if question.seeker is not None and question.seeker not in self._inputs.members:
            raise Unready
        interactions = self._inputs.interactions_by_member.get(question.seeker or "", ()) if question.by_itself else ()
        declined = {interaction.towards for interaction in interactions if interaction.excluded}
        query = TextQuery(question.text, question.language, question.seeker)
        suppliers = tuple(
            Supplier(
                partner=hit.partner,
                score=hit.score,
                contributions=hit.contributions,
                features=hit.features,
                best=hit.best,
                reasons=reasons_for(hit.contributions, hit.best),
            )
            for hit in self._text_search.search(query, question.limit, without=declined, relevant_only=True)
        )
        return Reply(computed=self.computed, rule=self._text_search.weights.version, suppliers=suppliers)

    def _partners(self, question: PartnerQuestion) -> Reply:
        if self._snapshot is None or question.member not in self._inputs.members:
            raise Unready
        index = self._index(question.candidates | {question.member})
        lists = index.shortlist(question.member, question.limit + len(question.excluded), question.within)
        allowed = {
            mode: [suggestion for suggestion in suggestions if suggestion.partner not in question.excluded][: question.limit]
            for mode, suggestions in lists.items()
        }
        stored = {
            mode: tuple(parse(StoredSuggestion, suggestion_document(suggestion)) for suggestion in suggestions)
            for mode, suggestions in allowed.items()
        }
        return Reply(computed=self.computed, lists=stored)

    def _index(self, ids: frozenset[str]) -> ShortlistIndex:
        """Index some members. Words and popularity are those of all members, so that scores are those of the shortlists."""
        if ids not in self._indexes:
            members = [self._inputs.members[id] for id in sorted(ids) if id in self._inputs.members]
            self._indexes[ids] = ShortlistIndex(members, interactions=self._inputs.interactions, snapshot=self._snapshot)
            if len(self._indexes) > MAX_INDEXES:
                self._indexes.popitem(last=False)
        self._indexes.move_to_end(ids)
        return self._indexes[ids]
