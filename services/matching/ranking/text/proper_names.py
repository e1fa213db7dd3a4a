"""Names that a text writes. A capital tells a name from a word: Rivet the firm, and a rivet."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from services.matching.ranking.corpus.collaborations import Floats, Ints

# Two letters are an abbreviation of anything.
WORD = re.compile(r"[^\W_]{3,}")
# Any word has a capital at the beginning of a line or a sentence.
FIRST = re.compile(r"(?:^|[.!?:])\W*([^\W_]+)", re.MULTILINE)


def names_in(text: str) -> set[str]:
    """List the words written as names, in small letters: those with a capital, unless the text also writes them without.

    A text all in capitals tells no name from a word.
    """
    text = unicodedata.normalize("NFKC", text)
    if text.isupper():
        return set()
    first = {found.start(1) for found in FIRST.finditer(text)}
    names, plain = set(), set()
    for found in WORD.finditer(text):
        word = found[0]
        if word.isupper() or (word[0].isupper() and found.start() not in first):
            names.add(word.casefold())
        elif word[0].islower():
            plain.add(word.casefold())
    return names - plain


class Names:
    """The words of members' names, and who bears them."""

    def __init__(self, names: Sequence[str]) -> None:
        bearers: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            for word in set(WORD.findall(unicodedata.normalize("NFKC", name).casefold())):
                bearers.setdefault(word, []).append(place)
        self._bearers: dict[str, Ints] = {word: np.array(places, dtype=np.int64) for word, places in bearers.items()}
        self._count = len(names)

    def written(self, text: str) -> Floats:
        """Measure, 0 to 1, how far a text tells each member by name: the rarest word counts, 1/sqrt(n) where n members bear it."""
        values = np.zeros(self._count)
        for word in names_in(text) & self._bearers.keys():
            bearers = self._bearers[word]
            values[bearers] = np.maximum(values[bearers], 1 / np.sqrt(len(bearers)))
        return values
