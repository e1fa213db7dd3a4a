"""Cold start: ranking members without history, by what they declare.

One organisation in five of those that join the queried projects loses its history; in its place it declares up to three
offers, titled like its past projects. Its rank is measured with these offers, and with its name only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from services.matching.ranking import Member, Offer, TextQuery, TextSearch
from tools.evaluation.cordis_history import Collaborations

EVERY_NTH, MAX_OFFERS = 5, 3


@dataclass(frozen=True)
class Cold:
    """Recall of the cold partners among the first 10, 50 and 200 answers."""

    partners: int
    declared: tuple[float, float, float]
    silent: tuple[float, float, float]


def evaluate_cold(data: Collaborations, since: str, advance: Callable[[], object] = lambda: None) -> Cold:
    """Query with the described projects from `since` on, by text only."""
    past = [project for project in data.projects if project.start < since]
    queries = [project for project in data.projects if project.described and project.start >= since]
    joined = sorted({id for project in queries for id in project.collaboration.members})
    history = {id for project in past for id in project.collaboration.members}
    cold = set([id for id in joined if id in history][::EVERY_NTH])
    collaborations = [replace(p.collaboration, members=tuple(id for id in p.collaboration.members if id not in cold)) for p in past]
    titles: dict[str, list[str]] = {id: [] for id in cold}
    for project in sorted(past, key=lambda project: project.start, reverse=True):
        for id in cold & set(project.collaboration.members):
            titles[id].append(project.collaboration.title)

    def member(id: str, silent: bool) -> Member:
        offers = [Offer(f"o{n}", "research", title, language="en") for n, title in enumerate(titles.get(id, ())[:MAX_OFFERS])]
        return replace(data.members[id], offers=() if silent else tuple(offers))

    recalls = []
    for silent in (False, True):
        search = TextSearch([member(id, silent) for id in sorted(history)], collaborations)
        ranks: list[int] = []
        for project in queries:
            truth = [search.position[id] for id in project.collaboration.members if id in cold]
            query = TextQuery(f"{project.collaboration.title}\n{project.collaboration.text}", "en")
            if truth:
                order = search.order(query, search.features(query), None)
                ranks += np.flatnonzero(np.isin(order, truth)).tolist()
            advance()
        places = np.array(ranks)
        recalls.append((float(np.mean(places < 10)), float(np.mean(places < 50)), float(np.mean(places < 200))))
    return Cold(len(ranks), recalls[0], recalls[1])
