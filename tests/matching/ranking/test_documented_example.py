"""The worked example of docs/matching.md, and the weights in the page of the ranking, are what the ranking says."""

import re
from pathlib import Path

from services.matching.ranking import ShortlistIndex
from services.matching.ranking.scoring import RULES
from shared.contracts.taxonomy import TOPICS
from tests.matching.ranking.factories import firm, lab, need, offer

DOCUMENT = Path("docs/matching.md").read_text()
ENGINEERS = Path("services/matching/ranking/README.md").read_text()
COATINGS = "chemistry-nanotech/surfaces-coatings"

YARD = firm(
    "cantiere",
    name="Cantiere Alfa",
    districts=frozenset({"nautical-ports"}),
    nuts3="ITI12",
    topics=frozenset({COATINGS, "smart-factory/robotics"}),
    summary="Costruisce yacht a vela in composito",
    needs=(need("Rivestimento antivegetativo senza biocidi per scafi di yacht", language="it", trl=7),),
)
LAB = lab(
    "laboratorio",
    name="Laboratorio Beta",
    districts=frozenset({"new-materials"}),
    nuts3="ITI17",
    topics=frozenset({COATINGS}),
    summary="Surface chemistry and marine materials",
    language="en",
    offers=(offer("Biocide-free antifouling coatings for yacht hulls", nature="research", trl=5, ipr="filed"),),
)
DEPARTMENT = lab(
    "dipartimento",
    name="Dipartimento Gamma",
    districts=frozenset({"marble"}),
    nuts3="ITI17",
    topics=frozenset({COATINGS}),
    offers=(offer("Coatings that protect marble from rain", nature="research", trl=4),),
    summary="Conservation of stone",
    language="en",
)


def test_the_worked_example_is_what_the_ranking_says():
    first, second = ShortlistIndex([YARD, LAB, DEPARTMENT]).shortlist("cantiere")["r2b"]
    assert (first.partner, second.partner) == ("laboratorio", "dipartimento")
    weights = RULES["r2b"].weights
    rows = [
        f"| `{name}` | {weights[name]:.2f} | {first.features[name]:.3f} | {first.contributions[name]:.4f} "
        f"| {second.features[name]:.3f} | {second.contributions[name]:.4f} |"
        for name in weights
    ]
    documented = [
        *rows,
        f"| **score** | | | **{first.score:.4f}** | | **{second.score:.4f}** |",
        f"The rule is `{first.rule}`",
        *(f"> {text}" for text in (*first.reasons, *first.shortcomings, *first.advice)),
    ]
    missing = [line for line in documented if line not in DOCUMENT]
    assert not missing, "docs/matching.md lacks lines; now:\n" + "\n".join(documented)


def test_the_documented_weights_are_those_of_the_rules():
    documented = {
        mode: dict(re.findall(r"`(\w+)` (\.\d+)", part))
        for mode, part in zip(RULES, ENGINEERS.split("\n**Weights")[1:], strict=True)
    }
    assert documented == {
        mode: {name: f"{weight:.2f}"[1:] for name, weight in rule.weights.items()} for mode, rule in RULES.items()
    }


def test_the_topics_of_the_example_are_topics():
    assert {*YARD.topics, *LAB.topics, *DEPARTMENT.topics} <= TOPICS.keys()
