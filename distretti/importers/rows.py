"""Reading the rows of compressed CSV and JSON Lines files, with the number of each line."""

import csv
import gzip
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from distretti.importers.import_line import Report, Skipped, SourceMissing

UTF_8 = "utf-8-sig"
"""Without the byte order mark that spreadsheets begin their files with."""


def open_text(path: Path) -> TextIO:
    """Open a UTF-8 file, compressed when its name ends in `.gz`; SourceMissing when it is not there."""
    if not path.is_file():
        raise SourceMissing(f"{path} is missing: give the directory or file that holds this data set")
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding=UTF_8, newline=""))
    return path.open(encoding=UTF_8, newline="")


def csv_rows(path: Path, columns: Collection[str], report: Report) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of a CSV file that has `columns`; a row of another width is reported."""
    with open_text(path) as file:
        reader = csv.DictReader(file)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise SourceMissing(f"{path} lacks the columns {', '.join(sorted(missing))}")
        for row in reader:
            if None in row or None in row.values():
                reason = "the row has not as many values as the header"
                report(Skipped(path.name, f"line {reader.line_num}", reason))
                continue
            yield reader.line_num, row


def json_rows(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of a JSON Lines file; a line that is not a JSON object is reported."""
    with open_text(path) as file:
        for number, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
            except json.JSONDecodeError as error:
                report(Skipped(path.name, f"line {number}", f"not JSON: {error.msg}"))
                continue
            if not isinstance(row, dict):
                report(Skipped(path.name, f"line {number}", "not a JSON object"))
                continue
            yield number, row


def ndjson_lines(path: Path) -> list[str]:
    """The lines of a file in UTF-8, as they stand but for byte order marks: several files may have been put together.

    Raises SourceMissing where it is no such text.
    """
    try:
        text = path.read_text(encoding=UTF_8)
    except UnicodeDecodeError as error:
        raise SourceMissing(f"{path} is no text in UTF-8: byte {error.start} is none of it") from error
    return [line.removeprefix("\ufeff") for line in text.removesuffix("\n").split("\n")]
