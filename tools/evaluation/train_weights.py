"""Trains the weights of the partner rule on projects that began before a date.

Cross-validation: each of `FOLDS` parts of the described projects is queried with the rest as its history, so that no count
or graph contains the query's own project, as in use. Leaving out one project at a time would leak the truth: its members
would have one project less than others, which a rule can learn.
The loss is softmax over all candidates, one partner at a time, bounded by `HOPELESS`: partners without evidence do not
dominate the gradient.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from services.matching.ranking import Weights
from services.matching.ranking.arrays import Bools, Floats, Ints
from tools.evaluation.cordis_history import Collaborations
from tools.evaluation.leave_one_project_out import Arena, Protocol

FOLDS = 4
HOPELESS = 5e-3
RIDGE = 3e-3
# Candidates of a query in training: the first of every feature, and a weighted sample of the rest.
FIRST, SAMPLED = 80, 200
FREE = ("active", "listed")
PROTOCOLS: tuple[Protocol, ...] = ("text", "seeker")


@dataclass(frozen=True)
class Lesson:
    """The candidates of a query: features (candidates x names), weights of the sample, and who joined."""

    features: Floats
    stands_for: Floats
    joined: Bools


def lessons(data: Collaborations, until: str, advance: Callable[[], object]) -> tuple[list[str], list[Lesson]]:
    """The features' names, and a lesson for every described project before `until`."""
    past = [project for project in data.projects if project.start < until]
    draw = np.random.default_rng(0)
    fold_of = dict(
        zip((p.collaboration.id for p in past if p.described), draw.permutation(sum(p.described for p in past)), strict=True)
    )
    names: list[str] = []
    result = []
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
                    result.append(_lesson(np.stack(list(features.values()), axis=1), truth, seeker, draw))
            advance()
    return names, result


def _lesson(features: Floats, truth: Ints, seeker: int, draw: np.random.Generator) -> Lesson:
    picked = np.zeros(len(features), dtype=np.bool_)
    picked[np.argpartition(-features, min(FIRST, len(features) - 1), axis=0)[:FIRST].ravel()] = True
    picked[truth] = True
    rest = np.setdiff1d(np.flatnonzero(~picked), [seeker])
    picked[seeker] &= seeker < 0
    sample = draw.choice(rest, min(SAMPLED, len(rest)), replace=False)
    rows = np.concatenate([np.flatnonzero(picked), sample])
    stands = np.concatenate([np.ones(int(picked.sum())), np.full(len(sample), len(rest) / max(len(sample), 1))])
    return Lesson(features[rows], stands, np.isin(rows, truth))


def learn(names: Sequence[str], taught: Sequence[Lesson], made: str) -> Weights:
    """Fit the weights. Their version is a hash of the weights."""
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
        likelihood = np.log(chance[joined] + HOPELESS) / partners[query[joined]]
        pull = np.where(joined, chance / (chance + HOPELESS), 0.0) / partners[query]
        slope = (np.add.reduceat(pull, starts[:-1])[query] * chance - pull) @ features
        count = len(taught)
        return float(-likelihood.sum() / count + RIDGE * weights @ weights), slope / count + 2 * RIDGE * weights

    # Weights are non-negative except in FREE: a member that matches every query may rank lower for it.
    bounds = [(None, None) if name in FREE else (0.0, None) for name in names]
    start = np.full(len(names), 0.01)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 100}).x / scale
    values = {name: round(float(weight), 4) for name, weight in zip(names, best, strict=True)}
    digest = hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:6]
    return Weights(f"partners-1.{digest}", values, made)
