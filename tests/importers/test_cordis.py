"""Tuscan organisations of CORDIS become members; what can't be read is told."""

import csv
from pathlib import Path

import pytest

from distretti.importers.cordis import read_cordis
from distretti.importers.cordis_tables import ORGANISATIONS
from distretti.importers.import_line import Skipped, SourceMissing
from tests.importers.fixtures import DATA, assert_sound, needs_data, write_csv, write_json_lines


def project(number: int, title: object, start: str | None, **more: object) -> dict[str, object]:
    return {"project_id": str(number), "title": title, "start_date": start, "objective": None, "topic": "", **more}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write_csv(
        tmp_path / "organisations.csv.gz",
        ORGANISATIONS,
        [
            [
                "900000001",
                "FIRMA SRL",
                "FIRMA",
                "IT",
                "PONTEDERA PI",
                "ITI17",
                "PRC",
                "Yes",
                "www.firma.example",
                "True",
            ],
            ["900000002", "ATENEO", "", "IT", "Siena", "", "HES", "No", "", "True"],
            ["0a0a0a", "OFFICINA S.P.A.", "", "IT", "", "", "", "", "", "True"],
            ["900000004", "GRANDE SPA", "", "IT", "LUCCA", "", "PRC", "No", "", "True"],
            ["900000005", "", "", "IT", "LUCCA", "", "PRC", "No", "", "True"],
            ["900000006", "ELSEWHERE", "", "DE", "", "", "PRC", "No", "", "False"],
            ["900000007", "DOUBTFUL", "", "IT", "", "", "PRC", "No", "", "maybe"],
            ["900000008", "SHORT"],
        ],
    )
    write_csv(
        tmp_path / "participations.csv.gz",
        ["project_id", "pic", "role"],
        [
            ["1", "900000001", "coordinator"],
            ["2", "900000001", "participant"],
            ["3", "900000001", ""],
            ["2", "900000002", "participant"],
            ["99", "900000002", "participant"],
            ["1", "900000006", "participant"],
        ],
    )
    write_json_lines(
        tmp_path / "projects.jsonl.gz",
        [
            project(1, "Photonic sensors for bridges", "2024-03-01", objective="Lasers <b>and</b> fibres"),
            project(2, "Old vaccines", "2015-01-01"),
            project(3, None, "2016-01-01"),
            "{broken",
            project(7, "Nobody's", None),
        ],
    )
    with (tmp_path / "euroscivoc_codes_en.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["euroSciVocCode", "euroSciVocPath", "euroSciVocTitle"], ["/1", "/x", "graphene"]])
    write_csv(
        tmp_path / "euroscivoc_by_project.csv.gz",
        ["projectID", "euroSciVocCode"],
        [["2", "/1"], ["2", "/9"], ["7", "/1"]],
    )
    return tmp_path


def test_kinds_offers_and_needs_follow_the_stated_reading(directory: Path) -> None:
    skipped: list[Skipped] = []
    firm, university, workshop, large = read_cordis(directory, skipped.append)
    assert [line.kind for line in (firm, university, workshop, large)] == [
        "sme", "research-organisation", "sme", "large-firm",
    ]  # fmt: skip
    assert [offer.title for offer in firm.offers] == ["Photonic sensors for bridges", "Old vaccines"]
    assert {offer.nature for offer in firm.offers} == {"technology"}
    assert university.offers[0].nature == "research"
    assert "chemistry-nanotech/nanomaterials" in university.offers[0].topics
    assert [(need.nature, need.title) for need in firm.needs] == [
        ("research", "Research partners to deepen: Photonic sensors for bridges")
    ]
    assert "not declared by the organisation" in firm.needs[0].text
    assert university.needs == ()
    assert workshop.offers == ()
    assert_sound([firm, university, workshop, large])


def test_places_identifiers_and_addresses(directory: Path) -> None:
    firm, _, workshop, _ = read_cordis(directory, lambda skipped: None)
    assert (firm.place.city, firm.place.nuts3) == ("Pontedera", "ITI17")
    assert (firm.identifiers[0].scheme, firm.identifiers[0].value) == ("pic", "900000001")
    assert (workshop.identifiers[0].scheme, workshop.identifiers[0].value) == ("register", "cordis:0a0a0a")
    assert firm.profile.website == "http://www.firma.example"
    assert firm.contact is not None
    assert firm.contact.email == "contact@firma-srl-900000001.example"
    assert firm.offers[0].text == "Lasers and fibres"


def test_everything_left_out_is_told(directory: Path) -> None:
    skipped: list[Skipped] = []
    list(read_cordis(directory, skipped.append))
    assert {(item.file, item.location, item.whole_row) for item in skipped} == {
        ("organisations.csv.gz", "line 6", True),
        ("organisations.csv.gz", "line 8", True),
        ("organisations.csv.gz", "line 9", True),
        ("projects.jsonl.gz", "line 3", True),
        ("projects.jsonl.gz", "line 4", True),
        ("participations.csv.gz", "line 6", False),
        ("euroscivoc_by_project.csv.gz", "line 3", True),
    }
    assert any("name" in item.reason for item in skipped if item.location == "line 6")


def test_a_member_offers_its_fifty_most_recent_projects(directory: Path) -> None:
    numbers = range(100, 160)
    write_csv(
        directory / "participations.csv.gz",
        ["project_id", "pic", "role"],
        [[str(number), "900000002", ""] for number in numbers],
    )
    write_json_lines(
        directory / "projects.jsonl.gz",
        [project(number, f"Project {number}", f"{1900 + number}-01-01") for number in numbers],
    )
    skipped: list[Skipped] = []
    _, university, _, _ = read_cordis(directory, skipped.append)
    assert [offer.title for offer in university.offers] == [f"Project {number}" for number in range(159, 109, -1)]
    assert len(university.needs) == 3
    assert [item.reason for item in skipped if "10 oldest projects" in item.reason]


def test_a_second_grant_of_a_project_is_no_second_offer(directory: Path) -> None:
    write_json_lines(directory / "projects.jsonl.gz", [project(number, "Twice", f"20{number:02}-01-01") for number in (1, 2, 3)])
    firm, *_ = read_cordis(directory, lambda skipped: None)
    assert [offer.title for offer in firm.offers] == ["Twice"]


def test_a_missing_file_or_column_is_said_by_name(directory: Path, tmp_path: Path) -> None:
    write_csv(directory / "participations.csv.gz", ["project_id", "role"], [])
    with pytest.raises(SourceMissing, match=r"participations\.csv\.gz lacks the columns pic"):
        list(read_cordis(directory, lambda skipped: None))
    with pytest.raises(SourceMissing, match="is missing"):
        list(read_cordis(tmp_path / "nowhere", lambda skipped: None))


@needs_data
def test_the_real_organisations_are_all_members() -> None:
    skipped: list[Skipped] = []
    lines = list(read_cordis(DATA / "cordis", skipped.append))
    assert len(lines) == 137
    assert_sound(lines)
    assert all(item.file == "projects.jsonl.gz" and "no title" in item.reason for item in skipped)
    assert sum(len(line.offers) for line in lines) > 300
    assert {line.kind for line in lines} == {"sme", "large-firm", "research-organisation"}
    assert {need.nature for line in lines for need in line.needs} == {"research", "technology"}
