"""The text of an instance."""

from pathlib import Path

import pytest

from distretti.importers.dzn_file import text_of
from services.events.scheduling.problem import ProblemError


def test_the_text_is_read_without_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.dzn").write_bytes("\ufeffnTables = 2; % città".encode())
    assert text_of(tmp_path / "a.dzn") == "nTables = 2; % città"


def test_other_bytes_than_utf_8_are_refused_by_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.dzn").write_bytes(b"citt\xe0 = 2;")
    with pytest.raises(ProblemError, match="byte 4"):
        text_of(tmp_path / "a.dzn")


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="cannot be read: No such file"):
        text_of(tmp_path / "gone.dzn")
    with pytest.raises(ProblemError, match="cannot be read: Is a directory"):
        text_of(tmp_path)
