"""Text search for suppliers: the partners for a free text or a need, with or without knowing the seeker."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from services.matching.ranking.arrays import Bools, Floats, Ints
from services.matching.ranking.corpus.collaborations import Collaboration, CollaborationHistory
from services.matching.ranking.corpus.profile import SMALL, Member, is_open
from services.matching.ranking.rules.diversity import Exposure, promote_small_firms
from services.matching.ranking.rules.weights import PARTNERS, Weights
from services.matching.ranking.text.country_names import COUNTRIES
from services.matching.ranking.text.proper_names import NameIndex
from services.matching.ranking.text.stopwords import STOPWORDS
from services.matching.ranking.text.tfidf import Tfidf
from services.matching.ranking.text.vectorizer import WORD, Vocabulary
from shared.contracts.base import Language

# A text of at least this many words is a description; a shorter one is a title.
DESCRIPTION_WORDS = 60
# The best match counts log(1 + 1/FLOOR); a match FLOOR times as good, log(2).
FLOOR = 0.02
LANGUAGES: tuple[Language, ...] = ("it", "en")


@dataclass(frozen=True)
class TextQuery:
    """A text, and its seeker where known. Collaborations in `without` are ignored."""

    text: str
    language: Language = "it"
    seeker: str | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SearchHit:
    """A partner for a query: `score` is the sum of `contributions`; `best` quotes the best matching title, if any."""

    partner: str
    score: float
    rule: str
    features: dict[str, float]
    contributions: dict[str, float]
    best: str | None


class TextSearch:
    """The approved members with all that is open of them, and their collaborations, ready to be searched."""

    def __init__(
        self, members: Sequence[Member], collaborations: Sequence[Collaboration] = (), weights: Weights = PARTNERS
    ) -> None:
        """Index `members` (each id once) and `collaborations`; only the approved can be found."""
        self.members = sorted((member for member in members if member.approved), key=lambda member: member.id)
        self.weights = weights
        self.position = {member.id: position for position, member in enumerate(self.members)}
        self._history = CollaborationHistory(collaborations, self.position)
        open_texts = [(position, *text) for position, member in enumerate(self.members) for text in _open_texts(member)]
        self._titles = [collaboration.title for collaboration in collaborations] + [title for _, title, _, _ in open_texts]
        texts = [(f"{collaboration.title}\n{collaboration.text}", collaboration.language) for collaboration in collaborations]
        texts += [(f"{title}\n{text}", language) for _, title, text, language in open_texts]
        names = [(f"{member.name} {member.city}", member.language) for member in self.members]
        self._vocabulary = Vocabulary([*texts, *names], np.ones(len(texts) + len(names), dtype=np.bool_))
        self._documents, self._names = self._vocabulary.vectors[: len(texts)].T.tocsr(), self._vocabulary.vectors[len(texts) :]
        self._name_index = NameIndex([member.name for member in self.members])
        # Unstemmed words beside stems: two texts with the very same words are more similar.
        words = [_words(text) for text, _ in texts]
        self._word_tfidf = Tfidf.fit(words)
        self._word_rows = self._word_tfidf.rows(words).T.tocsr()
        owners = np.array([owner for owner, *_ in open_texts], dtype=np.int64)
        own = sparse.csr_matrix((np.ones(len(owners)), (np.arange(len(owners)), owners)), shape=(len(owners), len(names)))
        self._ownership = sparse.vstack([self._history.incidence, own]).T.tocsr()
        self._is_description: Bools = np.array([len(text.split()) >= DESCRIPTION_WORDS for text, _ in texts], dtype=np.bool_)
        self._kinds = np.array([member.kind for member in self.members], dtype=object)
        self._countries = np.array([member.country for member in self.members], dtype=object)
        stems = self._vocabulary.tokenizer.stems
        self._country_stems = {
            code: {stem for name in names for language in LANGUAGES for stem in stems(name, language)}
            for code, names in COUNTRIES.items()
        }
        self._cities = _cities(self.members, self._vocabulary)

    def search(
        self,
        query: TextQuery,
        limit: int = 20,
        exposure: Exposure | None = Exposure(),
        without: Collection[str] = (),
        relevant_only: bool = False,
    ) -> list[SearchHit]:
        """List the best `limit` partners, highest score first; `exposure` may move a small firm up, None keeps the order of scores.

        Members in `without` are left out, and with `relevant_only` those whose texts and names do not match at all: a score
        may come from a member's kind alone. Raises KeyError when the seeker is not in the index.
        """
        features, matches = self._measure(query)
        parts = {name: weight * features[name] for name, weight in self.weights.values.items()}
        order = self.order(query, features, None)
        if relevant_only:
            order = order[(features["text"][order] > 0) | (features["name"][order] > 0)]
        order = order[~np.isin(order, [self.position[id] for id in without if id in self.position])]
        order = self._with_exposure(order, exposure)[:limit]
        return [self._hit(int(position), features, parts, matches) for position in order]

    def features(self, query: TextQuery) -> dict[str, Floats]:
        """Measure every member against a query: each feature is 0 or more."""
        return self._measure(query)[0]

    def order(self, query: TextQuery, features: Mapping[str, Floats], exposure: Exposure | None) -> Ints:
        """Put the members in order of their scores, without the seeker and infinite scores."""
        scores = self.weights.score(features)
        if query.seeker in self.position:
            scores[self.position[query.seeker]] = -np.inf
        order = np.argsort(-scores, kind="stable")
        order = order[np.isfinite(scores[order])]
        return self._with_exposure(order, exposure)

    def _with_exposure(self, order: Ints, exposure: Exposure | None) -> Ints:
        return promote_small_firms(order, np.isin(self._kinds, list(SMALL)), exposure) if exposure else order

    def _measure(self, query: TextQuery) -> tuple[dict[str, Floats], Floats]:
        vector = self._vocabulary.vectorize([(query.text, query.language)])
        matches: Floats = (vector @ self._documents).toarray().ravel().astype(np.float64)
        counted = np.ones(len(matches))
        counted[self._history.rows(query.without)] = 0.0
        matches *= counted
        cubes = matches**3
        word_matches: Floats = (self._word_tfidf.rows([_words(query.text)]) @ self._word_rows).toarray().ravel() * counted
        columns = set(vector.indices)
        collaborations = len(self._history.collaborations)
        features = {
            "text": _relative(self._ownership @ cubes),
            "words": _relative(self._ownership @ word_matches**3),
            "detailed": _relative(self._ownership @ (cubes * self._is_description)),
            "titles": _relative(self._ownership @ (cubes * ~self._is_description)),
            "name": (self._names @ vector.T).toarray().ravel().astype(np.float64),
            "name_written": self._name_index.written(query.text),
            "country_named": self._country_named(query),
            "city_named": np.array([float(bool(city) and city <= columns) for city in self._cities]),
            "active": np.log1p(self._ownership @ (counted * self._is_description)),
            "listed": np.log1p(self._ownership @ (counted * ~self._is_description)),
            "research": (self._kinds == "research-organisation").astype(np.float64),
            "small": np.isin(self._kinds, list(SMALL)).astype(np.float64),
            **self._relationships(query, counted[:collaborations], cubes[:collaborations]),
        }
        return features, matches

    def _relationships(self, query: TextQuery, counted: Floats, similarity: Floats) -> dict[str, Floats]:
        """Measure who knows the seeker; nobody for an unknown seeker. `similarity` is that of collaborations to the query."""
        if query.seeker is None:
            none = np.zeros(len(self.members))
            return dict.fromkeys(("together", "together_on_this", "partners_of_partners", "same_country"), none)
        position = self.position[query.seeker]
        shared = self._history.shared_with(position, counted)
        beyond = self._history.partners_of_partners(shared, counted)
        return {
            "together": np.log1p(shared),
            "together_on_this": _relative(self._history.shared_with(position, similarity)),
            "partners_of_partners": _relative(beyond),
            "same_country": (self._countries == self._countries[position]).astype(np.float64),
        }

    def _country_named(self, query: TextQuery) -> Floats:
        stems = set(self._vocabulary.tokenizer.stems(query.text, query.language))
        named = [code for code, names in self._country_stems.items() if stems & names]
        return np.isin(self._countries, named).astype(np.float64)

    def _hit(self, position: int, features: Mapping[str, Floats], parts: Mapping[str, Floats], matches: Floats) -> SearchHit:
        owned = self._ownership[position].indices
        best = owned[matches[owned].argmax()] if len(owned) else -1
        contributions = {name: round(float(part[position]), 6) for name, part in parts.items()}
        return SearchHit(
            partner=self.members[position].id,
            score=round(sum(contributions.values()), 6),
            rule=self.weights.version,
            features={name: round(float(features[name][position]), 6) for name in parts},
            contributions=contributions,
            best=self._titles[best] if best >= 0 and matches[best] > 0 else None,
        )


def _words(text: str) -> list[str]:
    return [word for word in WORD.findall(text.lower()) if word not in STOPWORDS]


def _relative(values: Any) -> Floats:
    """Scale values by the largest, logarithmically: 0 for nothing, log(1 + 1/FLOOR) for the largest."""
    highest = float(values.max(initial=0.0))
    relative: Floats = np.log1p(np.asarray(values) / (highest * FLOOR)) if highest > 0 else np.zeros(len(values))
    return relative


def _open_texts(member: Member) -> list[tuple[str, str, Language]]:
    """Give a member's texts that everybody may see: its summary and its open offers."""
    summary: list[tuple[str, str, Language]] = [(member.summary, "", member.language)] if member.summary else []
    return summary + [(offer.title, offer.text, offer.language) for offer in member.offers if is_open(offer.visibility)]


def _cities(members: Sequence[Member], vocabulary: Vocabulary) -> list[frozenset[int]]:
    vectors = vocabulary.vectorize([(member.city, member.language) for member in members])
    return [frozenset(vectors.indices[start:end]) for start, end in zip(vectors.indptr, vectors.indptr[1:], strict=False)]
