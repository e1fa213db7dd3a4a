"""The weights of a learned rule: a small JSON file in this folder, with its version and how it was learned."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from services.matching.ranking.arrays import Floats


@dataclass(frozen=True)
class Weights:
    """A rule's version, and the weight of each feature."""

    version: str
    values: Mapping[str, float]
    made: str = ""

    def score(self, features: Mapping[str, Floats]) -> Floats:
        """Sum of weight times feature."""
        scores: Floats = np.sum([weight * features[name] for name, weight in self.values.items()], axis=0)
        return scores


def read_weights(text: str) -> Weights:
    """Parse the JSON of a rule. Raises KeyError when a part is missing."""
    content = json.loads(text)
    return Weights(content["version"], content["weights"], content["made"])


PARTNERS = read_weights(files(__package__).joinpath("partners.json").read_text())
