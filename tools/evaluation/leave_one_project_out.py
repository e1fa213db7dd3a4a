"""Leave-one-project-out: who joined this project? Answered by the ranking, by TF-IDF and by popularity.

A query's own project is left out of every profile, count and graph. In the temporal split the history ends before
`since`; in the split `all` it is every other project, also later ones.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from services.matching.ranking import Exposure, TextQuery, TextSearch, Weights
from services.matching.ranking.arrays import Bools, Floats, Ints
from tools.evaluation.cordis_history import Collaborations, Project
from tools.evaluation.metrics import NAMES, measure

Protocol = Literal["text", "seeker"]
Split = Literal["all", "temporal"]
Method = Literal["ours", "tfidf", "popularity"]
# Ablation: the value of a group of features is the loss without it, with all other weights unchanged.
GROUPS: dict[str, frozenset[str]] = {
    "text": frozenset({"text", "words", "detailed", "titles"}),
    "names": frozenset({"name", "name_written", "country_named", "city_named"}),
    "activity": frozenset({"active", "listed"}),
    "kind": frozenset({"research", "small"}),
    "cooperation": frozenset({"together", "together_on_this", "partners_of_partners"}),
    "distance": frozenset({"same_country"}),
}
METHODS: tuple[Method, ...] = ("ours", "tfidf", "popularity")


@dataclass(frozen=True)
class Result:
    """Measures of a method: `values` is queries x NAMES."""

    protocol: Protocol
    split: Split
    method: str
    values: Floats

    def row(self) -> dict[str, Any]:
        """The means, as a row of the report."""
        means = {name: round(float(value), 4) for name, value in zip(NAMES, self.values.mean(axis=0), strict=True)}
        return {"protocol": self.protocol, "split": self.split, "method": self.method, "queries": len(self.values), **means}


class Arena:
    """A history to query; its methods rank all organisations of the history."""

    def __init__(self, data: Collaborations, history: Sequence[Project], weights: Weights | None = None) -> None:
        self.data = data
        organisations = sorted({id for project in history for id in project.collaboration.members})
        collaborations = [project.collaboration for project in history]
        members = [data.members[id] for id in organisations]
        self.search = TextSearch(members, collaborations, weights) if weights else TextSearch(members, collaborations)
        self.position = self.search.position
        self.small: Bools = np.array([id in data.small for id in organisations], dtype=np.bool_)
        self._row = {collaboration.id: row for row, collaboration in enumerate(collaborations)}
        pairs = np.array(
            [(row, self.position[id]) for row, collaboration in enumerate(collaborations) for id in collaboration.members]
        ).reshape(-1, 2)
        shape = (len(collaborations), len(organisations))
        self.participation = sparse.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
        self.counts: Floats = np.asarray(self.participation.sum(axis=0)).ravel()
        self._tfidf = TfidfVectorizer(stop_words="english", sublinear_tf=True)
        self._texts = self._tfidf.fit_transform(
            [f"{collaboration.title}\n{collaboration.text}" for collaboration in collaborations]
        )

    def query(self, project: Project, protocol: Protocol) -> TextQuery:
        """The query of a project; its seeker is the coordinator, if the history has it."""
        has_seeker = protocol == "seeker" and project.coordinator in self.position
        seeker = project.coordinator if has_seeker else None
        return TextQuery(
            f"{project.collaboration.title}\n{project.collaboration.text}", "en", seeker, frozenset({project.collaboration.id})
        )

    def truth(self, project: Project, protocol: Protocol) -> Ints:
        """The candidates that joined: organisations with another project than this one, without the seeker."""
        own = self._own(project)
        joined = [self.position[id] for id in project.collaboration.members if id in self.position]
        seeker = self.position.get(project.coordinator or "", -1) if protocol == "seeker" else -1
        return np.array([place for place in joined if place != seeker and self.counts[place] > own[place]], dtype=np.int64)

    def tfidf(self, project: Project) -> Floats:
        """Baseline: the sum of cubed cosines between the query and each organisation's projects."""
        query = self._tfidf.transform([f"{project.collaboration.title}\n{project.collaboration.text}"])
        cosines = (query @ self._texts.T).toarray().ravel()
        if project.collaboration.id in self._row:
            cosines[self._row[project.collaboration.id]] = 0.0
        scores: Floats = self.participation.T @ cosines**3
        return scores

    def popularity(self, project: Project) -> Floats:
        """Baseline: the number of each organisation's other projects."""
        return self.counts - self._own(project)

    def ordered(self, scores: Floats, project: Project, protocol: Protocol) -> Ints:
        """Candidates by score, ties by id, without the seeker."""
        order = np.argsort(-scores, kind="stable")
        return order[order != self.position.get(project.coordinator or "", -1)] if protocol == "seeker" else order

    def _own(self, project: Project) -> Floats:
        row = self._row.get(project.collaboration.id)
        own: Floats = np.zeros(len(self.position)) if row is None else self.participation[row].toarray().ravel()
        return own


def evaluate(
    data: Collaborations, since: str, weights: Weights | None = None, advance: Callable[[], object] = lambda: None
) -> Iterator[Result]:
    """Run both protocols on both splits; also the ranking in the order of scores, and without each group of features."""
    past = [project for project in data.projects if project.start < since]
    splits: tuple[tuple[Split, list[Project], list[Project]], ...] = (
        ("temporal", past, [project for project in data.projects if project.described and project.start >= since]),
        ("all", data.projects, [project for project in data.projects if project.described]),
    )
    for split, history, queries in splits:
        if not queries:
            continue
        arena = Arena(data, history, weights)
        measured: dict[tuple[Protocol, str], list[Floats]] = {}
        for project in queries:
            scores = {"tfidf": arena.tfidf(project), "popularity": arena.popularity(project)}
            protocols: tuple[Protocol, ...] = ("text", "seeker")
            for protocol in protocols:
                truth = arena.truth(project, protocol)
                if not len(truth) or (protocol == "seeker" and project.coordinator is None):
                    continue
                orders = {name: arena.ordered(values, project, protocol) for name, values in scores.items()}
                query = arena.query(project, protocol)
                features = arena.search.features(query)
                orders["ours"] = arena.search.order(query, features, Exposure())
                orders["ours, order of scores"] = arena.search.order(query, features, None)
                for group, names in GROUPS.items() if split == "temporal" else ():
                    rest = {name: values * (name not in names) for name, values in features.items()}
                    orders[f"ours without {group}"] = arena.search.order(query, rest, None)
                for name, order in orders.items():
                    measured.setdefault((protocol, name), []).append(measure(order, truth, arena.small))
            advance()
        for (protocol, name), values in measured.items():
            yield Result(protocol, split, name, np.array(values))
