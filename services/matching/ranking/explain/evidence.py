"""From the features of one pair to the passages and the sentences that explain it."""

from collections.abc import Callable, Iterator

from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.corpus.members import MemberTable
from services.matching.ranking.explain import sentences
from services.matching.ranking.explain.bilingual import Bilingual
from services.matching.ranking.rules.features import Evaluation, Pairs
from services.matching.ranking.suggestion import Passage


def passages_of(documents: Documents, evaluation: Evaluation, candidate: int) -> Iterator[Passage]:
    """Give the best pair of titles behind each match of the viewer with a candidate, by its number among the pairs."""
    for feature, own, partner in _matched_rows(evaluation, candidate):
        yield Passage(feature, documents.quote(own), documents.quote(partner))


def reasons_of(
    pairs: Pairs, table: MemberTable, evaluation: Evaluation, candidate: int, topics: Callable[[frozenset[str]], Bilingual]
) -> Iterator[Bilingual]:
    """Give each reason the viewer has to meet a candidate, the strongest kind first; `topics` names those shared."""
    documents = pairs.documents
    for feature, own_row, partner_row in _matched_rows(evaluation, candidate):
        own, partner = documents.items[own_row], documents.items[partner_row]
        if feature in ("field", "sector") or own is None or partner is None:
            yield sentences.similar_fields(documents.quote(own_row), documents.quote(partner_row))
        elif feature == "capital":
            yield sentences.capital(own, partner)
        else:
            yield sentences.answer(own, partner)
    shared = table.shared_topics(pairs.own_topics, int(pairs.candidates[candidate]), bool(pairs.near[candidate]))
    if shared:
        yield topics(shared)
    yield from sentences.place(float(evaluation.features["place"][candidate]))
    if pairs.relationships.collaborations[candidate] > 0:
        yield sentences.collaborations(int(pairs.relationships.collaborations[candidate]))
    if "supply_chain" in evaluation.features and evaluation.features["supply_chain"][candidate] > 0:
        yield sentences.supply_chain()
    if "size" in evaluation.features and evaluation.features["size"][candidate] == 1.0:
        yield sentences.size_difference()


def _matched_rows(evaluation: Evaluation, candidate: int) -> Iterator[tuple[str, int, int]]:
    for feature, match in evaluation.matches.items():
        if match.value[candidate] > 0:
            yield feature, int(match.own[candidate]), int(match.partner[candidate])
