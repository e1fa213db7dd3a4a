"""Learning the weights of the partner rule from projects that began before a date.

Each of `FOLDS` parts of the past's described projects asks, with the rest of the past as its history: so no count or graph
holds the project asked about, as it will not when a member asks. Leaving out one at a time would not do: then those who
joined have one project less than they would have otherwise, and a rule can learn that.
The loss is that of choosing one partner at a time among all candidates (softmax), blunted by `HOPELESS`: a partner that
nothing speaks for teaches nothing.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from services.matching.ranking import Weights
from tools.evaluation.cordis_history import Collaborations
from tools.evaluation.leave_one_project_out import Arena, Protocol
from tools.evaluation.metrics import Bools, Floats, Ints

FOLDS = 4
HOPELESS = 5e-3
RIDGE = 3e-3
# Candidates kept of a query: the first of every feature, and a sample that stands for the rest.
FIRST, SAMPLED = 80, 200
FREE = ("active", "listed")
PROTOCOLS: tuple[Protocol, ...] = ("text", "seeker")


@dataclass(frozen=True)
class Lesson:
    """The candidates of one query: features (candidates x names), how many each stands for, and who joined."""

    features: Floats
    stands_for: Floats
    joined: Bools


def lessons(data: Collaborations, until: str, advance: Callable[[], object]) -> tuple[list[str], list[Lesson]]:
    """Ask every described project before `until`, in folds; give the features' names and the lessons."""
    past = [project for project in data.projects if project.start < until]
    draw = np.random.default_rng(0)
    fold_of = dict(
        zip((p.collaboration.id for p in past if p.described), draw.permutation(sum(p.described for p in past)), strict=True)
    )
    names: list[str] = []
    found = []
    for fold in range(FOLDS):
        history = [
            project for project in past if fold_of.get(project.collaboration.id, -1) % FOLDS != fold or not project.described
        ]
        arena = Arena(data, history)
        for project in past:
            if not project.described or fold_of[project.collaboration.id] % FOLDS != fold:
                continue
            for protocol in PROTOCOLS:
                truth = arena.truth(project, protocol)
                if len(truth):
                    features = arena.search.features(arena.query(project, protocol))
                    names = names or list(features)
                    seeker = arena.position.get(project.coordinator or "", -1) if protocol == "seeker" else -1
                    found.append(_lesson(np.stack(list(features.values()), axis=1), truth, seeker, draw))
            advance()
    return names, found


def _lesson(features: Floats, truth: Ints, seeker: int, draw: np.random.Generator) -> Lesson:
    picked = np.zeros(len(features), dtype=np.bool_)
    picked[np.argpartition(-features, min(FIRST, len(features) - 1), axis=0)[:FIRST].ravel()] = True
    picked[truth] = True
    others = np.setdiff1d(np.flatnonzero(~picked), [seeker])
    picked[seeker] &= seeker < 0
    sample = draw.choice(others, min(SAMPLED, len(others)), replace=False)
    rows = np.concatenate([np.flatnonzero(picked), sample])
    stands = np.concatenate([np.ones(int(picked.sum())), np.full(len(sample), len(others) / max(len(sample), 1))])
    return Lesson(features[rows], stands, np.isin(rows, truth))


def learn(names: Sequence[str], taught: Sequence[Lesson], made: str) -> Weights:
    """Find the weights. The version is told by the weights themselves: other weights, another version."""
    starts = np.cumsum([0, *(len(lesson.features) for lesson in taught)])
    query = np.repeat(np.arange(len(taught)), np.diff(starts))
    features = np.concatenate([lesson.features for lesson in taught])
    scale = features.std(axis=0) + 1e-9
    features = features / scale
    stands_for = np.concatenate([lesson.stands_for for lesson in taught])
    joined = np.concatenate([lesson.joined for lesson in taught])
    partners = np.add.reduceat(joined.astype(np.float64), starts[:-1])

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        powers = stands_for * np.exp(scores - np.maximum.reduceat(scores, starts[:-1])[query])
        chance = powers / np.add.reduceat(powers, starts[:-1])[query]
        told = np.log(chance[joined] + HOPELESS) / partners[query[joined]]
        pull = np.where(joined, chance / (chance + HOPELESS), 0.0) / partners[query]
        slope = (np.add.reduceat(pull, starts[:-1])[query] * chance - pull) @ features
        count = len(taught)
        return float(-told.sum() / count + RIDGE * weights @ weights), slope / count + 2 * RIDGE * weights

    # More of a feature is never worse, but for having much to show: who is found everywhere may count less for it.
    bounds = [(None, None) if name in FREE else (0.0, None) for name in names]
    start = np.full(len(names), 0.01)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 100}).x / scale
    values = {name: round(float(weight), 4) for name, weight in zip(names, best, strict=True)}
    digest = hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:6]
    return Weights(f"partners-1.{digest}", values, made)
