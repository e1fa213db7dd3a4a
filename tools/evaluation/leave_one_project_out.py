"""Leave-one-project-out: who joined this project? Asked of ours, of TF-IDF and of popularity in one run.

No query's own project is in any profile, count or graph it is ranked with. In the temporal split the history ends before
`since`; in the whole set it is every other project, later ones too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from services.matching.ranking import Exposure, TextQuery, TextSearch, Weights
from tools.evaluation.cordis_history import Collaborations, Project
from tools.evaluation.metrics import NAMES, Bools, Floats, Ints, measure

Protocol = Literal["text", "seeker"]
Split = Literal["all", "temporal"]
Method = Literal["ours", "tfidf", "popularity"]
# What a group of features is worth is what is lost without it, all other weights being kept.
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
    """What a method reached: `values` is queries x NAMES."""

    protocol: Protocol
    split: Split
    method: str
    values: Floats

    def row(self) -> dict[str, Any]:
        """Give the means, as the report has them."""
        means = {name: round(float(value), 4) for name, value in zip(NAMES, self.values.mean(axis=0), strict=True)}
        return {"protocol": self.protocol, "split": self.split, "method": self.method, "queries": len(self.values), **means}


class Arena:
    """A history, and the queries asked of it. Methods put all organisations of the history in order."""

    def __init__(self, data: Collaborations, history: Sequence[Project], weights: Weights | None = None) -> None:
        self.data = data
        known = sorted({id for project in history for id in project.collaboration.members})
        collaborations = [project.collaboration for project in history]
        members = [data.members[id] for id in known]
        self.search = TextSearch(members, collaborations, weights) if weights else TextSearch(members, collaborations)
        self.position = self.search.position
        self.small: Bools = np.array([id in data.small for id in known], dtype=np.bool_)
        self._row = {collaboration.id: row for row, collaboration in enumerate(collaborations)}
        pairs = np.array(
            [(row, self.position[id]) for row, collaboration in enumerate(collaborations) for id in collaboration.members]
        ).reshape(-1, 2)
        shape = (len(collaborations), len(known))
        self.taken = sparse.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
        self.counts: Floats = np.asarray(self.taken.sum(axis=0)).ravel()
        self._tfidf = TfidfVectorizer(stop_words="english", sublinear_tf=True)
        self._texts = self._tfidf.fit_transform(
            [f"{collaboration.title}\n{collaboration.text}" for collaboration in collaborations]
        )

    def query(self, project: Project, protocol: Protocol) -> TextQuery:
        """Make the query that a project stands for; its seeker is its coordinator, where the history knows it."""
        known = protocol == "seeker" and project.coordinator in self.position
        seeker = project.coordinator if known else None
        return TextQuery(
            f"{project.collaboration.title}\n{project.collaboration.text}", "en", seeker, frozenset({project.collaboration.id})
        )

    def truth(self, project: Project, protocol: Protocol) -> Ints:
        """Say which candidates joined: those with another project than this one; the seeker is not one of them."""
        own = self._own(project)
        joined = [self.position[id] for id in project.collaboration.members if id in self.position]
        seeker = self.position.get(project.coordinator or "", -1) if protocol == "seeker" else -1
        return np.array([place for place in joined if place != seeker and self.counts[place] > own[place]], dtype=np.int64)

    def tfidf(self, project: Project) -> Floats:
        """Sum the cubes of the cosines between the query and each organisation's projects."""
        query = self._tfidf.transform([f"{project.collaboration.title}\n{project.collaboration.text}"])
        cosines = (query @ self._texts.T).toarray().ravel()
        if project.collaboration.id in self._row:
            cosines[self._row[project.collaboration.id]] = 0.0
        scores: Floats = self.taken.T @ cosines**3
        return scores

    def popularity(self, project: Project) -> Floats:
        """Count each organisation's projects but this one."""
        return self.counts - self._own(project)

    def ordered(self, scores: Floats, project: Project, protocol: Protocol) -> Ints:
        """Put candidates in order of scores, ties by id, the known seeker left out."""
        order = np.argsort(-scores, kind="stable")
        return order[order != self.position.get(project.coordinator or "", -1)] if protocol == "seeker" else order

    def ours(self, project: Project, protocol: Protocol, exposure: Exposure | None) -> Ints:
        """Put candidates in order as members are served."""
        query = self.query(project, protocol)
        return self.search.order(query, self.search.features(query), exposure)

    def _own(self, project: Project) -> Floats:
        row = self._row.get(project.collaboration.id)
        own: Floats = np.zeros(len(self.position)) if row is None else self.taken[row].toarray().ravel()
        return own


def evaluate(
    data: Collaborations, since: str, weights: Weights | None = None, advance: Callable[[], object] = lambda: None
) -> Iterator[Result]:
    """Run both protocols on both splits; beside, ours in the order of scores, and without each group of features."""
    past = [project for project in data.projects if project.start < since]
    splits: tuple[tuple[Split, list[Project], list[Project]], ...] = (
        ("temporal", past, [project for project in data.projects if project.described and project.start >= since]),
        ("all", data.projects, [project for project in data.projects if project.described]),
    )
    for split, history, queries in splits:
        if not queries:
            continue
        arena = Arena(data, history, weights)
        found: dict[tuple[Protocol, str], list[Floats]] = {}
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
                    found.setdefault((protocol, name), []).append(measure(order, truth, arena.small))
            advance()
        for (protocol, name), values in found.items():
            yield Result(protocol, split, name, np.array(values))
