"""From texts to vectors: stems, Italian terms turned into English ones, and TF-IDF. One space for both languages."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import snowballstemmer
from scipy import sparse

from services.matching.ranking.text.glossary import ENGLISH_ALIKE, ITALIAN_ENGLISH, pairs
from services.matching.ranking.text.stopwords import STOPWORDS
from services.matching.ranking.text.tfidf import Tfidf

WORD = re.compile(r"[^\W_]{2,}")
LONGEST_TERM = 4
# Where Italian and English write a common root with other letters: photonic and fotonico, hydrogel and idrogel.
ALIKE = tuple(
    (re.compile(written), read)
    for written, read in (
        (r"ph", "f"),
        (r"ch|ck|k", "c"),
        (r"h", ""),
        (r"[jy]", "i"),
        (r"[uo]l$", "ol"),
        (r"[ao]e", "e"),
        (r"[cp]t", "t"),
        (r"[xz]", "s"),
        (r"uo", "o"),
        (r"(.)\1", r"\1"),
        (r"(?<=.{3})[aeiou]+$", ""),
        (r"(?<=.{3})[eo]l$", "l"),
    )
)


@cache
def reader() -> "Reader":
    """Give the one reader of a process: its tables are long, and what it remembers holds for all texts."""
    return Reader()


class Reader:
    """Cuts texts into stems. It remembers the words it has met, since stemming is the slow part."""

    def __init__(self) -> None:
        self._italian = snowballstemmer.stemmer("italian")
        self._english = snowballstemmer.stemmer("english")
        self._known: dict[tuple[str, str], str] = {}
        self._terms: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {"en": {}, "it": {}}
        self._first: dict[str, set[str]] = {"en": set(), "it": set()}
        # The English table first: what an Italian term means is read as any English text is.
        self._learn(ENGLISH_ALIKE, "en")
        self._learn(ITALIAN_ENGLISH, "it")

    def stems(self, text: str, language: str) -> Iterator[str]:
        """Yield the stems of a text, those of a known Italian term in English; stop words and bare numbers are left out."""
        words = WORD.findall(unicodedata.normalize("NFKC", text).casefold())
        stems = [self._stem(word, language) for word in words]
        at = 0
        while at < len(words):
            length = 1
            meaning: tuple[str, ...] = ()
            if words[at] not in STOPWORDS and not words[at].isdigit():
                length, meaning = self._term(stems, at, language)
            yield from meaning
            at += length

    def _term(self, stems: Sequence[str], at: int, language: str) -> tuple[int, tuple[str, ...]]:
        """Give the longest known term that begins at a word: its number of words and its meaning, else the word's stem."""
        if stems[at] in self._first[language]:
            for length in range(min(LONGEST_TERM, len(stems) - at), 0, -1):
                if meaning := self._terms[language].get(tuple(stems[at : at + length])):
                    return length, meaning
        return 1, (stems[at],)

    def _learn(self, table: str, language: str) -> None:
        read = [(tuple(self._stem(word, language) for word in WORD.findall(term)), said) for term, said in pairs(table)]
        # The first of two terms with one stem has it: the table's order decides.
        terms = {stems: tuple(self.stems(said, "en")) for stems, said in reversed(read)}
        self._terms[language] = terms
        self._first[language] = {term[0] for term in terms}

    def _stem(self, word: str, language: str) -> str:
        key = (word, language)
        if key not in self._known:
            self._known[key] = self._cut(word, language)
        return self._known[key]

    def _cut(self, word: str, language: str) -> str:
        # Italian texts are full of English terms: the English stemmer on top brings "learning" to its English stem.
        stem = self._italian.stemWord(word) if language == "it" else word
        plain = unicodedata.normalize("NFKD", self._english.stemWord(stem))
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        for written, read in ALIKE:
            plain = written.sub(read, plain)
        return plain


@lru_cache(maxsize=20_000)
def shortened(text: str, length: int) -> str:
    """Put a text on one line of `length` characters at most, cut between words where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


class Vocabulary:
    """The words that everybody may see of a corpus, and their weights; turns (text, language) pairs into rows of length one."""

    def __init__(self, texts: Sequence[tuple[str, str]], everyone: npt.NDArray[np.bool_]) -> None:
        """Learn from those of `texts` that are marked in `everyone` alone.

        A text shown to few must not move the scores of others.
        """
        self.reader = reader()
        stems = self._stems(texts)
        self._weigher = Tfidf.fit(stems, everyone)
        self.vectors = _whole(self._weigher, stems)

    @classmethod
    def known(cls, words: Sequence[str], weights: npt.NDArray[np.float64], unseen: float) -> "Vocabulary":
        """Make one of the parts of a `table`; without words it knows none."""
        made = cls([], np.ones(0, dtype=np.bool_))
        made._weigher = Tfidf(words, weights, unseen)
        return made

    def table(self) -> tuple[list[str], npt.NDArray[np.float64], float]:
        """Give the words in the order of their columns, their weights, and that of a word which no open text had."""
        return list(self._weigher.columns), self._weigher.weights, self._weigher.unseen

    def corpus(self, texts: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
        """Weigh another corpus: further words weigh as those that no open text had, were they in one of this corpus or not."""
        return _whole(self._weigher, self._stems(texts))

    def read(self, texts: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
        """Weigh further texts beside a corpus that was all open; words it has not are as if they were not there."""
        return self._weigher.rows(self._stems(texts))

    def _stems(self, texts: Sequence[tuple[str, str]]) -> list[list[str]]:
        return [list(self.reader.stems(text, language)) for text, language in texts]


def _whole(weigher: Tfidf, stems: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    return weigher.with_words_of(stems).rows(stems)
