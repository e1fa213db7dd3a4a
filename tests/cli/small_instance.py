"""A small scheduling instance of our own making, for the commands."""

from pathlib import Path

from typer.testing import CliRunner

INSTANCE = """
nBusiness = 4; nMeetings = 3; nTables = 2; nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2, 1,
|1, 3, 2,
|3, 4, 3,
|];
forbidden = [{0,2}, {0}, {0}, {0,4}];
fixed = [0,0,0];
precedences = [{}, {1}, {}];
"""


RUNNER = CliRunner()


def write(directory: Path, name: str, text: str) -> Path:
    file = directory / name
    file.write_text(text)
    return file


def words(text: str) -> str:
    """What is said, without the frame around it."""
    return " ".join(text.replace("│", " ").split())
