"""Investors become financial operators, with stages, tickets and sectors learnt from their deals."""

from pathlib import Path

import pytest

from distretti.importers.finance import COLUMNS, read_finance
from distretti.importers.import_line import Skipped
from tests.importers.fixtures import DATA, assert_sound, needs_data, write_csv


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write_csv(
        tmp_path / "startups.csv.gz",
        ["name", "description", "sector"],
        [
            ["Alpha", "Robot per la logistica", "Robotics, B2B"],
            ["Beta", "Vaccines", "BioTech"],
            ["Gamma", "", "Alchemy"],
        ],
    )
    write_csv(
        tmp_path / "investments.csv.gz",
        COLUMNS,
        [
            ["Uno Capital", "VC_Firm", "ALPHA", "Seed", "1.500.000EUR"],
            ["UnoCapital", "VC_Firm", "Beta", "Series A", "2.000.000USD"],
            ["Uno Capital", "VC_Firm", "Nowhere", "Moon", "a lot"],
            ["Due", "Institution", "Gamma", "Unknown", ""],
            ["", "VC_Firm", "Alpha", "Seed", ""],
        ],
    )
    return tmp_path


def test_an_investor_adds_up_its_deals_whatever_the_spelling(directory: Path) -> None:
    first, second = read_finance(directory, lambda skipped: None)
    assert (first.name, first.kind, first.identifiers[0].value) == (
        "Uno Capital",
        "financial-operator",
        "finance:uno-capital",
    )
    ticket = first.offers[0].ticket
    assert ticket is not None
    assert (ticket.stages, ticket.minimum, ticket.maximum) == (("seed", "early"), 1500000, 1840000)
    assert {"smart-factory/robotics", "chemistry-nanotech/pharma-biotech"} <= set(first.offers[0].topics)
    assert {offer.nature for offer in first.offers} == {"capital"}
    assert first.needs == ()
    assert second.offers[0].ticket is not None
    assert second.offers[0].ticket.stages == ()
    assert "any stage" in second.offers[0].title
    assert_sound([first, second])


def test_rows_that_are_not_understood_are_reported_as_skipped(directory: Path) -> None:
    skipped: list[Skipped] = []
    assert len(list(read_finance(directory, skipped.append))) == 2
    locations = [(item.file, item.location, item.whole_row) for item in skipped]
    assert locations == [
        ("startups.csv.gz", "line 4", False),
        ("investments.csv.gz", "line 4", False),
        ("investments.csv.gz", "line 4", False),
        ("investments.csv.gz", "line 4", False),
        ("investments.csv.gz", "line 6", True),
    ]


@needs_data
def test_the_real_investors_are_all_members() -> None:
    skipped: list[Skipped] = []
    lines = list(read_finance(DATA / "finance", skipped.append))
    assert len(lines) == 83
    assert skipped == []
    assert_sound(lines)
    tickets = [offer.ticket for line in lines for offer in line.offers if offer.ticket]
    assert len(tickets) == len(lines)
    assert sum(bool(ticket.stages) for ticket in tickets) > 70
    for ticket in tickets:
        assert (ticket.minimum is None) == (ticket.maximum is None)
        assert ticket.minimum is None or ticket.maximum is None or ticket.minimum <= ticket.maximum
