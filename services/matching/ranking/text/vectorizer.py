"""From texts to vectors: stems, Italian terms turned into English ones, and TF-IDF. One space for both languages."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import snowballstemmer
from scipy import sparse

from services.matching.ranking.text.glossary import ENGLISH_VARIANTS, ITALIAN_ENGLISH, pairs
from services.matching.ranking.text.stopwords import STOPWORDS
from services.matching.ranking.text.tfidf import Tfidf

# A longer run of letters is no word, and to stem it takes quadratic time: it is cut.
WORD = re.compile(r"[^\W_]{2,60}")
STEMS_CACHED = 200_000
# Words of the longest term of the glossary.
LONGEST_TERM = 4
# Where Italian and English spell a common root differently: photonic and fotonico, hydrogel and idrogel.
SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
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
def tokenizer() -> "Tokenizer":
    """Give the one tokenizer of a process: its tables are long, and its cache serves all texts."""
    return Tokenizer()


class Tokenizer:
    """Cuts texts into stems. Stems are cached by word, since stemming is the slow part."""

    def __init__(self) -> None:
        self._italian = snowballstemmer.stemmer("italian")
        self._english = snowballstemmer.stemmer("english")
        # Bounded: anybody may send words that nobody else uses.
        self._stem = lru_cache(maxsize=STEMS_CACHED)(self._stem_uncached)
        self._terms: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {"en": {}, "it": {}}
        self._first: dict[str, set[str]] = {"en": set(), "it": set()}
        # The English table first: the meaning of an Italian term is tokenized as any English text is.
        self._learn(ENGLISH_VARIANTS, "en")
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
        entries = [(tuple(self._stem(word, language) for word in WORD.findall(term)), meaning) for term, meaning in pairs(table)]
        # Reversed, so that of two terms with one stem the first of the table wins.
        terms = {stems: tuple(self.stems(meaning, "en")) for stems, meaning in reversed(entries)}
        self._terms[language] = terms
        self._first[language] = {term[0] for term in terms}

    def _stem_uncached(self, word: str, language: str) -> str:
        # Italian texts are full of English terms: the English stemmer on top brings "learning" to its English stem.
        stem = self._italian.stemWord(word) if language == "it" else word
        plain = unicodedata.normalize("NFKD", self._english.stemWord(stem))
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        for pattern, replacement in SPELLINGS:
            plain = pattern.sub(replacement, plain)
        return plain


@lru_cache(maxsize=20_000)
def single_line(text: str, length: int) -> str:
    """Put a text on one line of at most `length` characters, cut between words where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


class Vocabulary:
    """The words of a corpus's open texts, and their weights; turns (text, language) pairs into rows of length one."""

    def __init__(self, texts: Sequence[tuple[str, str]], is_open: npt.NDArray[np.bool_]) -> None:
        """Learn from the open ones of `texts` alone: a restricted text must not move the scores of others."""
        self.tokenizer = tokenizer()
        stems = self._stems(texts)
        self._tfidf = Tfidf.fit(stems, is_open)
        self.vectors = _with_new_words(self._tfidf, stems)

    @classmethod
    def restore(cls, words: Sequence[str], weights: npt.NDArray[np.float64], unseen: float) -> "Vocabulary":
        """Make one from the parts of a `table`."""
        vocabulary = cls([], np.ones(0, dtype=np.bool_))
        vocabulary._tfidf = Tfidf(words, weights, unseen)
        return vocabulary

    def table(self) -> tuple[list[str], npt.NDArray[np.float64], float]:
        """Give the words in the order of their columns, their weights, and the weight of a word in no open text."""
        return list(self._tfidf.columns), self._tfidf.weights, self._tfidf.unseen

    def corpus(self, texts: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
        """Vectorize another corpus: all further words have the weight of a word in no open text, whether seen or not."""
        return _with_new_words(self._tfidf, self._stems(texts))

    def vectorize(self, texts: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
        """Vectorize further texts beside a corpus that was all open; unknown words are ignored."""
        return self._tfidf.rows(self._stems(texts))

    def _stems(self, texts: Sequence[tuple[str, str]]) -> list[list[str]]:
        return [list(self.tokenizer.stems(text, language)) for text, language in texts]


def _with_new_words(tfidf: Tfidf, stems: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    return tfidf.with_words_of(stems).rows(stems)
