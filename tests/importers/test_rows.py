"""Rows of compressed files, each with the number of its line."""

import gzip
from pathlib import Path

import pytest

from distretti.importers.import_line import Skipped, SourceMissing
from distretti.importers.rows import csv_rows, json_rows, ndjson_lines, open_text


def test_a_file_is_read_compressed_or_not(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("città", encoding="utf-8")
    with gzip.open(tmp_path / "packed.csv.gz", "wt", encoding="utf-8") as file:
        file.write("città")
    for name in ("plain.csv", "packed.csv.gz"):
        with open_text(tmp_path / name) as file:
            assert file.read() == "città"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"gone\.csv is missing"):
        open_text(tmp_path / "gone.csv")


def test_rows_have_the_number_of_their_last_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('name,city\nA,"Pisa\nPI"\nB,Lucca\n')
    rows = list(csv_rows(tmp_path / "a.csv", ("name",), pytest.fail))
    assert rows == [(3, {"name": "A", "city": "Pisa\nPI"}), (4, {"name": "B", "city": "Lucca"})]


def test_a_row_of_another_width_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,city\nA\nB,Pisa,PI\nC,Lucca\n")
    skipped: list[Skipped] = []
    assert [row["name"] for _, row in csv_rows(tmp_path / "a.csv", ("name", "city"), skipped.append)] == ["C"]
    assert [(row.file, row.location) for row in skipped] == [("a.csv", "line 2"), ("a.csv", "line 3")]


def test_missing_columns_are_named_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name\nA\n")
    with pytest.raises(SourceMissing, match=r"lacks the columns city, zip$"):
        list(csv_rows(tmp_path / "a.csv", ("zip", "name", "city"), pytest.fail))
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(SourceMissing, match="lacks the columns name"):
        list(csv_rows(tmp_path / "empty.csv", ("name",), pytest.fail))


def test_lines_that_are_no_json_object_are_reported_and_blank_ones_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n\n{broken\n[1]\n{"a": 2}\n')
    skipped: list[Skipped] = []
    assert list(json_rows(tmp_path / "a.jsonl", skipped.append)) == [(1, {"a": 1}), (5, {"a": 2})]
    assert [(row.location, row.reason.partition(":")[0]) for row in skipped] == [
        ("line 3", "not JSON"),
        ("line 4", "not a JSON object"),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_column_object_or_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name\nA\n", encoding="utf-8-sig")
    assert list(csv_rows(tmp_path / "a.csv", ("name",), pytest.fail)) == [(2, {"name": "A"})]
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8-sig") as file:
        file.write('{"a": 1}')
    assert list(json_rows(tmp_path / "a.jsonl.gz", pytest.fail)) == [(1, {"a": 1})]
    (tmp_path / "a.ndjson").write_text('{"a": 1}\n\ufeff{"a": 2}\n', encoding="utf-8-sig")
    assert ndjson_lines(tmp_path / "a.ndjson") == ['{"a": 1}', '{"a": 2}']


def test_a_file_of_lines_in_another_encoding_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text('{"name": "città"}', encoding="latin-1")
    with pytest.raises(SourceMissing, match=r"a\.ndjson is no text in UTF-8: byte 14"):
        ndjson_lines(tmp_path / "a.ndjson")
