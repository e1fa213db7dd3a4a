"""Errors of pydantic become named fields, in an answer of bounded size."""

import pytest
from pydantic import BaseModel, Field, ValidationError

from shared.chassis.errors import FieldError
from shared.chassis.http.field_problems import MOST_BYTES, MOST_ERRORS, field_errors, field_problems, in_detail
from shared.chassis.texts import Texts, text

TEXTS = Texts("shared.chassis")


class Part(BaseModel):
    title: str


class Whole(BaseModel):
    parts: list[Part] = Field(min_length=2)
    name: str


def errors_of(value: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as failure:
        Whole.model_validate(value)
    return [(error.field, error.rule) for error in field_errors(failure.value.errors(), 0)]


def wrong(*fields: str) -> list[FieldError]:
    return [FieldError(field, "missing", text("pydantic-missing")) for field in fields]


def test_each_wrong_field_is_named_the_way_it_was_sent() -> None:
    assert errors_of({"parts": [{}, {"title": "A"}]}) == [("parts.0.title", "missing"), ("name", "missing")]
    assert errors_of({"parts": [{"title": "A"}], "name": "W"}) == [("parts", "too_short")]


def test_a_list_is_not_too_short_because_an_item_of_it_is_wrong() -> None:
    assert errors_of({"parts": [{}], "name": "W"}) == [("parts.0.title", "missing")]


def test_the_first_errors_are_listed_and_the_others_counted() -> None:
    problems = field_problems(wrong(*map(str, range(300))), TEXTS, "it", uncounted=5)
    assert [problem.field for problem in problems.errors] == [str(number) for number in range(MOST_ERRORS)]
    assert problems.more_errors == 300 - MOST_ERRORS + 5
    assert in_detail(problems, TEXTS, "it").endswith("9: campo obbligatorio; e altri 295 campi non validi")


def test_as_many_errors_are_listed_as_an_answer_has_room_for() -> None:
    problems = field_problems(wrong(*["\0" * 5000] * MOST_ERRORS), TEXTS, "en")
    assert 0 < len(problems.errors) < MOST_ERRORS
    assert len(problems.errors) + problems.more_errors == MOST_ERRORS
    assert len(problems.model_dump_json()) < MOST_BYTES + 1000


def test_one_more_field_is_counted_in_the_singular() -> None:
    problems = field_problems(wrong(*map(str, range(11))), TEXTS, "en")
    assert in_detail(problems, TEXTS, "en").endswith("; and 1 more wrong field")
    assert problems.more_errors == 0
