"""Proper names in a text. A capital tells a name from a word: Rivet the firm, and a rivet."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from services.matching.ranking.arrays import Floats, Ints

WORD = re.compile(r"[^\W_]+")
SHORTEST = 3
"""Letters of a name: two are an abbreviation of anything."""
SENTENCE_ENDS = frozenset(".!?:\n")


def names_in(text: str) -> set[str]:
    """List the words written as names, casefolded: those with a capital, unless the text also writes them without.

    A text all in capitals tells no name from a word.
    """
    text = unicodedata.normalize("NFKC", text)
    if text.isupper():
        return set()
    names, plain = set(), set()
    end = 0
    for match in WORD.finditer(text):
        word = match[0]
        # Any word has a capital at the beginning of a line or a sentence.
        begins = end == 0 or not SENTENCE_ENDS.isdisjoint(text[end : match.start()])
        end = match.end()
        if len(word) < SHORTEST:
            continue
        if word.isupper() or (word[0].isupper() and not begins):
            names.add(word.casefold())
        elif word[0].islower():
            plain.add(word.casefold())
    return names - plain


class NameIndex:
    """The words of members' names, and who bears them."""

    def __init__(self, names: Sequence[str]) -> None:
        bearers: dict[str, list[int]] = {}
        for position, name in enumerate(names):
            for word in set(WORD.findall(unicodedata.normalize("NFKC", name).casefold())):
                if len(word) >= SHORTEST:
                    bearers.setdefault(word, []).append(position)
        self._bearers: dict[str, Ints] = {word: np.array(positions, dtype=np.int64) for word, positions in bearers.items()}
        self._count = len(names)

    def written(self, text: str) -> Floats:
        """Score, 0 to 1, how far a text names each member: the rarest word counts, 1/sqrt(n) where n members bear it."""
        values = np.zeros(self._count)
        for word in names_in(text) & self._bearers.keys():
            bearers = self._bearers[word]
            values[bearers] = np.maximum(values[bearers], 1 / np.sqrt(len(bearers)))
        return values
