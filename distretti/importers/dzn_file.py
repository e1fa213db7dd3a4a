"""The text of an instance."""

from pathlib import Path

from services.events.scheduling.problem import ProblemError


def text_of(file: Path) -> str:
    """The text of an instance. Raises ProblemError where the file has none."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError("the file", f"must be text in UTF-8: byte {error.start} is none of it") from error
    except OSError as error:
        raise ProblemError("the file", f"cannot be read: {error.strerror}") from error
