"""Names that a text writes, told by their capitals."""

import pytest

from services.matching.ranking import TextQuery, TextSearch
from services.matching.ranking.rules.weights import PARTNERS
from services.matching.ranking.text.proper_names import NameIndex, names_in
from tests.matching.ranking.factories import firm


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Looms of Rivet and of Lana", {"rivet", "lana"}),
        ("Rivet gives looms. Lana weaves.\nTessile: Filo", set()),
        ("«Rivet» first", set()),
        ("ITENE weaves; so does the CNR", {"itene", "cnr"}),
        ("A Rivet and a rivet", set()),
        ("A firm of PI, of the EU, since 2030", set()),
        ("RIVET AND LANA", set()),
        ("Con l'Università di Pisa", {"università", "pisa"}),
        ("", set()),
    ],
)
def test_a_name_has_a_capital_that_neither_its_place_nor_its_text_explains(text, names):
    assert names_in(text) == names


def test_the_rarest_word_of_a_name_counts_by_how_few_bear_it():
    members = NameIndex(["Rivet Srl", "Lana Srl", "LANA PRATO SRL", "Filo Srl", ""])
    assert members.written("Work with Lana and Prato Srl").tolist() == pytest.approx([0.5, 0.5**0.5, 1.0, 0.5, 0.0])
    assert members.written("Work with lana of prato").tolist() == [0.0] * 5


def test_a_capitalised_word_names_a_firm_and_another_its_trade():
    index = TextSearch([firm("n", name="Rivet"), firm("o", name="Telai")])
    features = index.features(TextQuery("Cerchiamo telai come quelli di Rivet", "it"))
    assert features["name_written"].tolist() == [1.0, 0.0]
    assert features["name"].all()
    assert PARTNERS.values["name_written"] > 0
