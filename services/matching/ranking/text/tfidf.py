"""TF-IDF rows of token lists. scikit-learn's would cost each ranking process seconds at start and 100 MB (ADR 13)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

Texts = Sequence[Sequence[str]]
Floats = npt.NDArray[np.float64]


class Tfidf:
    """Words in alphabetical columns, their weights, and `unseen`: the weight of a word that no text had."""

    def __init__(self, words: Iterable[str], weights: Floats, unseen: float) -> None:
        self.columns: Mapping[str, int] = {word: column for column, word in enumerate(words)}
        self.weights = weights
        self.unseen = unseen

    @classmethod
    def fit(cls, texts: Texts, everyone: npt.NDArray[np.bool_] | None = None) -> "Tfidf":
        """Learn words and weights from those of `texts` that are marked in `everyone` (all, where that is not given).

        A word in d of n texts weighs 1 + ln((2 + n) / (1 + d)): as if one text more had every word and another none, so that a
        corpus of nothing weighs too (Salton and Buckley 1988, smoothed).
        """
        seen = texts if everyone is None else [text for text, marked in zip(texts, everyone, strict=True) if marked]
        words = sorted(set(chain.from_iterable(seen)))
        weigher = cls(words, np.ones(len(words)), 1 + float(np.log(2 + len(seen))))
        found = np.bincount(weigher._count(seen).indices, minlength=len(words))
        weigher.weights = 1 + np.log((2 + len(seen)) / (1 + found))
        return weigher

    def with_words_of(self, texts: Texts) -> "Tfidf":
        """Give each unknown word of `texts` a column too, after those known, and the weight of a word that no text had.

        So it does not show whether a word was in a text that is not for everyone, or in none. The known ones come first in
        every row, and so add up alike whatever else there is.
        """
        unknown = sorted(set(chain.from_iterable(texts)) - self.columns.keys())
        weights = np.concatenate([self.weights, np.full(len(unknown), self.unseen)])
        return Tfidf([*self.columns, *unknown], weights, self.unseen)

    def rows(self, texts: Texts) -> sparse.csr_matrix:
        """Give each text's row, of length one: (1 + ln count) x weight for each word; unknown words are as if not there."""
        rows = self._count(texts)
        rows.data = (1 + np.log(rows.data)) * self.weights[rows.indices]
        squares = np.bincount(_owners(rows), weights=rows.data**2, minlength=rows.shape[0])
        rows.data /= np.sqrt(squares)[_owners(rows)]
        return rows.astype(np.float32)

    def _count(self, texts: Texts) -> sparse.csr_matrix:
        known = [[self.columns[word] for word in text if word in self.columns] for text in texts]
        ends = np.cumsum([0, *map(len, known)])
        columns = np.fromiter(chain.from_iterable(known), dtype=np.int32, count=int(ends[-1]))
        counts = sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), max(len(self.columns), 1)))
        counts.sum_duplicates()
        return counts


def _owners(rows: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    """Give the row of each entry."""
    return np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
