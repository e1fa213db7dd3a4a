"""From texts to vectors: words, stems, and TF-IDF. Within a language, and across two where words look alike."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import snowballstemmer
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from services.matching.ranking.stopwords import STOPWORDS

WORD = re.compile(r"[^\W_]{2,}")


class Stemmer:
    """Cuts texts into stems. It remembers the words it has met, since stemming is the slow part."""

    def __init__(self) -> None:
        self._italian = snowballstemmer.stemmer("italian")
        self._english = snowballstemmer.stemmer("english")
        self._known: dict[tuple[str, str], str] = {}

    def stems(self, text: str, language: str) -> Iterator[str]:
        """Yield the stem of each word that is neither a stop word nor a bare number."""
        for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
            if word not in STOPWORDS and not word.isdigit():
                yield self._stem(word, language)

    def _stem(self, word: str, language: str) -> str:
        key = (word, language)
        if key not in self._known:
            self._known[key] = self._cut(word, language)
        return self._known[key]

    def _cut(self, word: str, language: str) -> str:
        # Italian texts are full of English terms: the English stemmer on top brings "learning" and "materiali" to the
        # stems that an English text gives them.
        stem = self._italian.stemWord(word) if language == "it" else word
        plain = unicodedata.normalize("NFKD", self._english.stemWord(stem))
        return "".join(letter for letter in plain if not unicodedata.combining(letter))


def shortened(text: str, length: int) -> str:
    """Put a text on one line of `length` characters at most, cut between words where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


def vectors(texts: Sequence[tuple[str, str]], everyone: npt.NDArray[np.bool_]) -> Any:
    """Turn (text, language) pairs into TF-IDF rows of length one, a CSR matrix; their products are cosines.

    Words are weighed by the texts marked in `everyone` alone: a text shown to few must not move the scores of others.
    """
    stemmer = Stemmer()
    counter = CountVectorizer(analyzer=lambda pair: list(stemmer.stems(*pair)))
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # scikit-learn refuses texts without a single word; here they are just like nothing
        return sparse.csr_matrix((len(texts), 1))
    counts.sort_indices()
    # The empty row stands for the case of no text at all.
    seen = sparse.vstack([counts[np.flatnonzero(everyone)], sparse.csr_matrix((1, counts.shape[1]))])
    weighed = TfidfTransformer(sublinear_tf=True).fit(seen).transform(counts)
    return sparse.csr_matrix(weighed)
