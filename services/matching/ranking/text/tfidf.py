"""TF-IDF rows of token lists. Not scikit-learn's: it costs each ranking process seconds at start and 100 MB (ADR 13)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from services.matching.ranking.arrays import Floats

Texts = Sequence[Sequence[str]]


class Tfidf:
    """Words in alphabetical columns, their weights, and `unseen`: the weight of a word in no text."""

    def __init__(self, words: Iterable[str], weights: Floats, unseen: float) -> None:
        self.columns: Mapping[str, int] = {word: column for column, word in enumerate(words)}
        self.weights = weights
        self.unseen = unseen

    @classmethod
    def fit(cls, texts: Texts, is_open: npt.NDArray[np.bool_] | None = None) -> "Tfidf":
        """Learn words and weights from the `texts` marked in `is_open` (all, by default).

        A word in d of n texts weighs 1 + ln((2 + n) / (1 + d)): as if one more text had every word and another none, so that
        an empty corpus has weights too (Salton and Buckley 1988, smoothed).
        """
        fitted = texts if is_open is None else [text for text, marked in zip(texts, is_open, strict=True) if marked]
        words = sorted(set(chain.from_iterable(fitted)))
        tfidf = cls(words, np.ones(len(words)), 1 + float(np.log(2 + len(fitted))))
        frequencies = np.bincount(tfidf._count(fitted).indices, minlength=len(words))
        tfidf.weights = 1 + np.log((2 + len(fitted)) / (1 + frequencies))
        return tfidf

    def with_words_of(self, texts: Texts) -> "Tfidf":
        """Add a column for each unknown word of `texts`, after those known, with the weight of a word in no text.

        So a weight does not reveal whether a word was in a restricted text or in none. Known words come first in every row:
        their sum does not depend on the others.
        """
        unknown = sorted(set(chain.from_iterable(texts)) - self.columns.keys())
        weights = np.concatenate([self.weights, np.full(len(unknown), self.unseen)])
        return Tfidf([*self.columns, *unknown], weights, self.unseen)

    def rows(self, texts: Texts) -> sparse.csr_matrix:
        """Give each text's row, of length one: (1 + ln count) x weight for each word; unknown words are ignored."""
        rows = self._count(texts)
        rows.data = (1 + np.log(rows.data)) * self.weights[rows.indices]
        squares = np.bincount(_owners(rows), weights=rows.data**2, minlength=rows.shape[0])
        rows.data /= np.sqrt(squares)[_owners(rows)]
        return rows.astype(np.float32)

    def _count(self, texts: Texts) -> sparse.csr_matrix:
        columns_of = [[self.columns[word] for word in text if word in self.columns] for text in texts]
        ends = np.cumsum([0, *map(len, columns_of)])
        columns = np.fromiter(chain.from_iterable(columns_of), dtype=np.int32, count=int(ends[-1]))
        counts = sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), max(len(self.columns), 1)))
        counts.sum_duplicates()
        return counts


def _owners(rows: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    """Give the row of each entry."""
    return np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
