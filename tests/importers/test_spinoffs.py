"""Spin-offs become start-ups with offers and needs; what can't be read is told."""

from pathlib import Path
from typing import Any

from distretti.importers.import_line import Skipped
from distretti.importers.spinoffs import read_spinoffs
from tests.importers.fixtures import DATA, assert_sound, needs_data, write_json_lines


def spinoff(number: object, **more: Any) -> dict[str, Any]:
    row = {
        "id": number, "name": None, "payoff": "Light that measures", "abstract": "We make laser sensors.",
        "description": "Laser sensors for leather and wool.", "enablingTechnologies": "Lasers",
        "mainApplications": "Fashion",
        "competitiveAdvantages": "Small", "targetCustomers": "Tanneries", "categories": None,
        "tags": [{"name": "Optics"}], "lookingFor": [], "fundingStage": {"value": "seed"}, "trl": {"value": 5},
    }  # fmt: skip
    return row | more


def looking_for(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value} for value in values]


def test_needs_follow_what_the_spinoff_looks_for(tmp_path: Path) -> None:
    file = tmp_path / "spinoffs.jsonl.gz"
    partners = looking_for("funding", "industrial partner", "licensing", "grant-application-partner", "consulting")
    write_json_lines(file, [spinoff(7, lookingFor=partners)])
    (line,) = read_spinoffs(file, lambda skipped: None)
    assert [need.nature for need in line.needs] == ["capital", "technology", "technology", "research", "product"]
    assert line.needs[0].round is not None
    assert line.needs[0].round.stage == "seed"
    assert all(need.round is None for need in line.needs[1:])
    assert (line.name, line.kind, line.identifiers[0].value) == ("spin-off 7", "innovative-startup", "spinoff:7")
    assert line.districts[0] == "fashion"
    assert "ict-photonics/photonics" in line.profile.topics
    assert (line.place.country, line.place.nuts3) == ("IT", None)
    assert_sound([line])


def test_a_finished_system_is_also_a_product(tmp_path: Path) -> None:
    file = tmp_path / "spinoffs.jsonl.gz"
    write_json_lines(file, [spinoff(1, trl={"value": 7}), spinoff(2, trl={"value": 8}), spinoff(3, enablingTechnologies="NA")])
    early, finished, silent = read_spinoffs(file, lambda skipped: None)
    assert [(offer.nature, offer.title, offer.trl) for offer in early.offers] == [("technology", "Lasers", 7)]
    assert [(offer.nature, offer.title) for offer in finished.offers] == [
        ("technology", "Lasers"),
        ("product", "Light that measures"),
    ]
    assert [offer.title for offer in silent.offers] == ["Light that measures"]


def test_bad_rows_are_told_and_the_others_go_on(tmp_path: Path) -> None:
    file = tmp_path / "spinoffs.jsonl.gz"
    without = spinoff(5)
    del without["trl"]
    rows: list[dict[str, Any] | str] = [
        "not json", "[]", spinoff("x"), spinoff(4, trl={"value": 12}), without, spinoff(6, payoff=3),
        spinoff(7, lookingFor=looking_for("a miracle"), fundingStage={"value": "ipo"}), spinoff(8),
    ]  # fmt: skip
    write_json_lines(file, rows)
    skipped: list[Skipped] = []
    lines = list(read_spinoffs(file, skipped.append))
    assert [line.name for line in lines] == ["spin-off 7", "spin-off 8"]
    assert [(item.location, item.whole_row) for item in skipped] == [
        ("line 1", True), ("line 2", True), ("line 3", True), ("line 4", True), ("line 5", True), ("line 6", True),
        ("line 7", False), ("line 7", False),
    ]  # fmt: skip
    assert "trl" in skipped[3].reason
    assert "12" not in skipped[3].reason


@needs_data
def test_the_real_spinoffs_are_all_members() -> None:
    file = DATA / "spinoffs" / "spinoffs.jsonl.gz"
    skipped: list[Skipped] = []
    lines = list(read_spinoffs(file, skipped.append))
    assert len(lines) == 350
    assert skipped == []
    assert_sound(lines)
    assert all(line.offers and line.profile.summary for line in lines)
    assert sum(need.nature == "capital" for line in lines for need in line.needs) == 190
