"""TF-IDF rows of token lists. scikit-learn's would cost each ranking process seconds at start and 100 MB (ADR 13)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

Texts = Sequence[Sequence[str]]
Floats = npt.NDArray[np.float64]


class Tfidf:
    """Words in alphabetical columns, and their weights."""

    def __init__(self, words: Iterable[str], weights: Floats) -> None:
        self.columns: Mapping[str, int] = {word: column for column, word in enumerate(words)}
        self.weights = weights

    @classmethod
    def fit(cls, texts: Texts, everyone: npt.NDArray[np.bool_] | None = None) -> "Tfidf":
        """Learn the words of `texts`, and weights from those marked in `everyone` alone (all, where that is not given).

        A word in d of n texts weighs 1 + ln((2 + n) / (1 + d)): as if one text more had every word and another none, so that a
        corpus of nothing weighs too (Salton and Buckley 1988, smoothed).
        """
        words = sorted(set(chain.from_iterable(texts)))
        weigher = cls(words, np.ones(len(words)))
        counts = weigher._count(texts)
        seen = counts if everyone is None else counts[np.flatnonzero(everyone)]
        found = np.bincount(seen.indices, minlength=len(words))
        weigher.weights = 1 + np.log((2 + seen.shape[0]) / (1 + found))
        return weigher

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
