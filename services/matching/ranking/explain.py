"""From the features of one pair to the passages and the sentences that explain it."""

from collections.abc import Iterator, Mapping

from services.matching.ranking import sentences
from services.matching.ranking.documents import Documents
from services.matching.ranking.pairs import Judgement, Pairs
from services.matching.ranking.roster import Roster
from services.matching.ranking.sentences import Said
from services.matching.ranking.suggestion import Passage
from shared.contracts.base import LocalizedText


def passages_of(documents: Documents, judgement: Judgement, other: int) -> Iterator[Passage]:
    """Give the best pair of titles behind each match of the viewer with member `other`."""
    for feature, mine, theirs in _found(judgement, other):
        yield Passage(feature, documents.quote(mine), documents.quote(theirs))


def reasons_of(
    pairs: Pairs, roster: Roster, judgement: Judgement, other: int, labels: Mapping[str, LocalizedText]
) -> Iterator[Said]:
    """Say, in Italian and English, each reason the viewer has to meet member `other`, the strongest kind first."""
    documents = pairs.documents
    for feature, row, column in _found(judgement, other):
        mine, theirs = documents.items[row], documents.items[column]
        if feature in ("field", "sector") or mine is None or theirs is None:
            yield sentences.alike(documents.quote(row), documents.quote(column))
        elif feature == "capital":
            yield sentences.capital(mine, theirs)
        else:
            yield sentences.answer(mine, theirs)
    shared = roster.shared_topics(pairs.viewer, int(pairs.others[other]), bool(pairs.near[other]))
    if shared:
        yield sentences.topics(shared, labels)
    yield from sentences.place(float(judgement.features["place"][other]))
    if pairs.known.together[other] > 0:
        yield sentences.together(int(pairs.known.together[other]))
    if "size" in judgement.features and judgement.features["size"][other] == 1.0:
        yield sentences.supply_chain()


def _found(judgement: Judgement, other: int) -> Iterator[tuple[str, int, int]]:
    for feature, match in judgement.matches.items():
        if match.value[other] > 0:
            yield feature, int(match.mine[other]), int(match.theirs[other])
