"""Who could supply this? The partners for a free text or a need, with or without knowing who asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from services.matching.ranking.corpus.collaborations import Bools, Floats, History, Ints, Work
from services.matching.ranking.corpus.profile import SMALL, Member, is_open
from services.matching.ranking.rules.diversity import Exposure, spread
from services.matching.ranking.rules.weights import PARTNERS, Weights
from services.matching.ranking.text.country_names import COUNTRIES
from services.matching.ranking.text.proper_names import Names
from services.matching.ranking.text.stopwords import STOPWORDS
from services.matching.ranking.text.tfidf import Tfidf
from services.matching.ranking.text.vectorizer import WORD, Vocabulary
from shared.contracts.base import Language

# A text of this many words describes; a shorter one is a title.
DETAILED = 60
# The best match counts FLOOR times as much as the smallest one that tells anything.
FLOOR = 0.02
LANGUAGES: tuple[Language, ...] = ("it", "en")


@dataclass(frozen=True)
class Query:
    """What is wanted: a text, and who wants it where that is known. Works in `without` are as if they had never been."""

    text: str
    language: Language = "it"
    seeker: str | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """A partner for a query: `score` is the sum of `contributions`; `best` quotes what matched best, if anything did."""

    partner: str
    score: float
    rule: str
    features: dict[str, float]
    contributions: dict[str, float]
    best: str | None


class Answers:
    """The approved members with all that is open of them, and what they did together, ready to be asked."""

    def __init__(self, members: Sequence[Member], works: Sequence[Work] = (), weights: Weights = PARTNERS) -> None:
        """Read `members` (each id once) and `works`; only the approved can be found."""
        self.members = sorted((member for member in members if member.approved), key=lambda member: member.id)
        self.weights = weights
        self.position = {member.id: place for place, member in enumerate(self.members)}
        self._history = History(works, self.position)
        declared = [(place, *said) for place, member in enumerate(self.members) for said in _declared(member)]
        self._quotes = [work.title for work in works] + [title for _, title, _, _ in declared]
        texts = [(f"{work.title}\n{work.text}", work.language) for work in works]
        texts += [(f"{title}\n{text}", language) for _, title, text, language in declared]
        names = [(f"{member.name} {member.city}", member.language) for member in self.members]
        self._vocabulary = Vocabulary([*texts, *names], np.ones(len(texts) + len(names), dtype=np.bool_))
        self._documents, self._names = self._vocabulary.vectors[: len(texts)].T.tocsr(), self._vocabulary.vectors[len(texts) :]
        self._written_names = Names([member.name for member in self.members])
        # The words as they are written, beside their stems: two texts with the very same words are nearer.
        written = [_as_written(text) for text, _ in texts]
        self._written = Tfidf.fit(written)
        self._as_written = self._written.rows(written).T.tocsr()
        owners = np.array([owner for owner, *_ in declared], dtype=np.int64)
        own = sparse.csr_matrix((np.ones(len(owners)), (np.arange(len(owners)), owners)), shape=(len(owners), len(names)))
        self._belongs = sparse.vstack([self._history.taken, own]).T.tocsr()
        self._long: Bools = np.array([len(text.split()) >= DETAILED for text, _ in texts], dtype=np.bool_)
        self._kinds = np.array([member.kind for member in self.members], dtype=object)
        self._countries = np.array([member.country for member in self.members], dtype=object)
        stems = self._vocabulary.reader.stems
        self._peoples = {
            code: {stem for name in names for language in LANGUAGES for stem in stems(name, language)}
            for code, names in COUNTRIES.items()
        }
        self._cities = _cities(self.members, self._vocabulary)

    def answer(
        self,
        query: Query,
        limit: int = 20,
        exposure: Exposure | None = Exposure(),
        without: Collection[str] = (),
        telling: bool = False,
    ) -> list[Answer]:
        """List the best `limit` partners, highest score first; `exposure` may move a small firm up, None leaves the scores' order.

        Those in `without` are left out, and with `telling` whoever says nothing of the matter and is not named: a score may rest
        on a member's kind alone. Raises KeyError when the seeker is not here.
        """
        features, matches = self._measure(query)
        parts = {name: weight * features[name] for name, weight in self.weights.values.items()}
        order = self.order(query, features, None)
        if telling:
            order = order[(features["text"][order] > 0) | (features["name"][order] > 0)]
        order = order[~np.isin(order, [self.position[id] for id in without if id in self.position])]
        order = self._spread(order, exposure)[:limit]
        return [self._answer(int(place), features, parts, matches) for place in order]

    def features(self, query: Query) -> dict[str, Floats]:
        """Measure every member against a query: each feature is 0 or more, 0 where nothing speaks for it."""
        return self._measure(query)[0]

    def order(self, query: Query, features: Mapping[str, Floats], exposure: Exposure | None) -> Ints:
        """Put the members in order, the seeker and those with a score of nothing left out."""
        scores = self.weights.score(features)
        if query.seeker in self.position:
            scores[self.position[query.seeker]] = -np.inf
        order = np.argsort(-scores, kind="stable")
        order = order[np.isfinite(scores[order])]
        return self._spread(order, exposure)

    def _spread(self, order: Ints, exposure: Exposure | None) -> Ints:
        return spread(order, np.isin(self._kinds, list(SMALL)), exposure) if exposure else order

    def _measure(self, query: Query) -> tuple[dict[str, Floats], Floats]:
        vector = self._vocabulary.read([(query.text, query.language)])
        matches: Floats = (vector @ self._documents).toarray().ravel().astype(np.float64)
        kept = np.ones(len(matches))
        kept[self._history.rows(query.without)] = 0.0
        matches *= kept
        cubes = matches**3
        written: Floats = (self._written.rows([_as_written(query.text)]) @ self._as_written).toarray().ravel() * kept
        words = set(vector.indices)
        features = {
            "text": _relative(self._belongs @ cubes),
            "words": _relative(self._belongs @ written**3),
            "detailed": _relative(self._belongs @ (cubes * self._long)),
            "titles": _relative(self._belongs @ (cubes * ~self._long)),
            "name": (self._names @ vector.T).toarray().ravel().astype(np.float64),
            "name_written": self._written_names.written(query.text),
            "country_named": self._named(query),
            "city_named": np.array([float(bool(city) and city <= words) for city in self._cities]),
            "active": np.log1p(self._belongs @ (kept * self._long)),
            "listed": np.log1p(self._belongs @ (kept * ~self._long)),
            "research": (self._kinds == "research-organisation").astype(np.float64),
            "small": np.isin(self._kinds, list(SMALL)).astype(np.float64),
            **self._acquaintance(query, kept[: len(self._history.works)], cubes[: len(self._history.works)]),
        }
        return features, matches

    def _acquaintance(self, query: Query, kept: Floats, near: Floats) -> dict[str, Floats]:
        """Measure who knows the seeker; nobody, where it is not said who seeks. `near` says how near works are to the query."""
        if query.seeker is None:
            nothing = np.zeros(len(self.members))
            return dict.fromkeys(("together", "together_on_this", "partners_of_partners", "same_country"), nothing)
        place = self.position[query.seeker]
        together = self._history.together(place, kept)
        beyond = self._history.partners_of_partners(together, kept)
        return {
            "together": np.log1p(together),
            "together_on_this": _relative(self._history.together(place, near)),
            "partners_of_partners": _relative(beyond),
            "same_country": (self._countries == self._countries[place]).astype(np.float64),
        }

    def _named(self, query: Query) -> Floats:
        words = set(self._vocabulary.reader.stems(query.text, query.language))
        named = [code for code, names in self._peoples.items() if words & names]
        return np.isin(self._countries, named).astype(np.float64)

    def _answer(self, place: int, features: Mapping[str, Floats], parts: Mapping[str, Floats], matches: Floats) -> Answer:
        owned = self._belongs[place].indices
        best = owned[matches[owned].argmax()] if len(owned) else -1
        contributions = {name: round(float(part[place]), 6) for name, part in parts.items()}
        return Answer(
            partner=self.members[place].id,
            score=round(sum(contributions.values()), 6),
            rule=self.weights.version,
            features={name: round(float(features[name][place]), 6) for name in parts},
            contributions=contributions,
            best=self._quotes[best] if best >= 0 and matches[best] > 0 else None,
        )


def _as_written(text: str) -> list[str]:
    return [word for word in WORD.findall(text.lower()) if word not in STOPWORDS]


def _relative(values: Any) -> Floats:
    """Set values beside the largest, on a scale of logarithms: 0 for nothing, log(1 + 1/FLOOR) for the largest."""
    most = float(values.max(initial=0.0))
    relative: Floats = np.log1p(np.asarray(values) / (most * FLOOR)) if most > 0 else np.zeros(len(values))
    return relative


def _declared(member: Member) -> list[tuple[str, str, Language]]:
    """Give what a member says of itself to everyone: its summary and its open offers."""
    said: list[tuple[str, str, Language]] = [(member.summary, "", member.language)] if member.summary else []
    return said + [(offer.title, offer.text, offer.language) for offer in member.offers if is_open(offer.visibility)]


def _cities(members: Sequence[Member], vocabulary: Vocabulary) -> list[frozenset[int]]:
    vectors = vocabulary.read([(member.city, member.language) for member in members])
    return [frozenset(vectors.indices[start:end]) for start, end in zip(vectors.indptr, vectors.indptr[1:], strict=False)]
