"""Wrong fields as they are answered: the first ones, in bounded texts, and how many more there are."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from shared.chassis.errors import FieldError
from shared.chassis.http.pydantic_messages import pydantic_message
from shared.chassis.texts import Texts, text
from shared.contracts.base import Language

MOST_ERRORS = 100
MOST_BYTES = 64_000
"""Of all errors of an answer as JSON: a field may be named by whatever was sent."""
LONGEST_FIELD, LONGEST_MESSAGE = 200, 1000
IN_DETAIL = 10


class FieldProblem(BaseModel):
    """One wrong field: where it is, which rule it breaks, and what is allowed."""

    field: str
    rule: str
    message: str


class FieldProblems(BaseModel):
    """The first wrong fields, and how many more there are."""

    errors: list[FieldProblem]
    more_errors: int


def field_errors(errors: Sequence[Any], start: int = 1) -> list[FieldError]:
    """The first wrong fields, named as they were sent, `offers.0.trl`; not also the list that lacks it, as too short."""
    named = [
        FieldError(".".join(map(str, error["loc"][start:])) or "body", error["type"], pydantic_message(error))
        for error in errors[:MOST_ERRORS]
    ]
    inner = [error.field for error in named]
    return [
        error for error in named if error.rule != "too_short" or not any(field.startswith(f"{error.field}.") for field in inner)
    ]


def field_problems(errors: Sequence[FieldError], texts: Texts, language: Language, uncounted: int = 0) -> FieldProblems:
    """Write errors in a language, as many as an answer has room for; `uncounted` are those that were left out before."""
    written: list[FieldProblem] = []
    size = 0
    for error in errors[:MOST_ERRORS]:
        problem = _problem(error, texts, language)
        size += len(problem.model_dump_json())
        if size > MOST_BYTES:
            break
        written.append(problem)
    return FieldProblems(errors=written, more_errors=len(errors) - len(written) + uncounted)


def in_detail(problems: FieldProblems, texts: Texts, language: Language) -> str:
    """The first wrong fields in one text."""
    listed = problems.errors[:IN_DETAIL]
    more = len(problems.errors) - len(listed) + problems.more_errors
    sentences = [f"{problem.field}: {problem.message}" for problem in listed]
    return "; ".join([*sentences, texts.write(text("more-errors", n=more), language)] if more else sentences)


def truncated(words: str, limit: int) -> str:
    """Cut a text to a length, without half characters, which JSON can name and no answer can hold."""
    whole = words.encode(errors="replace").decode()
    return whole if len(whole) <= limit else f"{whole[: limit - 1]}…"


def _problem(error: FieldError, texts: Texts, language: Language) -> FieldProblem:
    written = FieldProblem(**error.written(texts, language))
    return FieldProblem(
        field=truncated(written.field, LONGEST_FIELD), rule=written.rule, message=truncated(written.message, LONGEST_MESSAGE)
    )
