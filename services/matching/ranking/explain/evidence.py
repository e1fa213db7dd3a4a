"""From the features of one pair to the passages and the sentences that explain it."""

from collections.abc import Callable, Iterator

from services.matching.ranking.corpus.documents import Documents
from services.matching.ranking.corpus.members import Roster
from services.matching.ranking.explain import sentences
from services.matching.ranking.explain.sentences import Said
from services.matching.ranking.rules.features import Judgement, Pairs
from services.matching.ranking.suggestion import Passage


def passages_of(documents: Documents, judgement: Judgement, other: int) -> Iterator[Passage]:
    """Give the best pair of titles behind each match of the viewer with member `other`."""
    for feature, mine, theirs in _found(judgement, other):
        yield Passage(feature, documents.quote(mine), documents.quote(theirs))


def reasons_of(
    pairs: Pairs, roster: Roster, judgement: Judgement, other: int, topics: Callable[[frozenset[str]], Said]
) -> Iterator[Said]:
    """Say, in Italian and English, each reason the viewer has to meet member `other`, the strongest kind first.

    `topics` says which ones are shared.
    """
    documents = pairs.documents
    for feature, row, column in _found(judgement, other):
        mine, theirs = documents.items[row], documents.items[column]
        if feature in ("field", "sector") or mine is None or theirs is None:
            yield sentences.alike(documents.quote(row), documents.quote(column))
        elif feature == "capital":
            yield sentences.capital(mine, theirs)
        else:
            yield sentences.answer(mine, theirs)
    shared = roster.shared_topics(pairs.own_topics, int(pairs.others[other]), bool(pairs.near[other]))
    if shared:
        yield topics(shared)
    yield from sentences.place(float(judgement.features["place"][other]))
    if pairs.known.together[other] > 0:
        yield sentences.together(int(pairs.known.together[other]))
    if "supply_chain" in judgement.features and judgement.features["supply_chain"][other] > 0:
        yield sentences.supply_chain()
    if "size" in judgement.features and judgement.features["size"][other] == 1.0:
        yield sentences.sizes()


def _found(judgement: Judgement, other: int) -> Iterator[tuple[str, int, int]]:
    for feature, match in judgement.matches.items():
        if match.value[other] > 0:
            yield feature, int(match.mine[other]), int(match.theirs[other])
