"""Answers are made of states by attribute, and every field is in every answer."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from shared.chassis.http.answers import Answer, answer_of, tagged
from shared.chassis.writes.aggregate import Stored


@dataclass(frozen=True)
class Place:
    city: str


@dataclass(frozen=True)
class Hall:
    name: str
    place: Place
    internal: int


class PlaceAnswer(Answer):
    city: str


class HallAnswer(Answer):
    id: str
    version: int
    name: str
    place: PlaceAnswer
    nickname: str | None


HALL = Stored("h1", 3, Hall("Fortezza", Place("Firenze"), 7), 1, datetime(2026, 11, 22, tzinfo=UTC))


def test_an_answer_has_the_fields_it_declares_and_what_is_derived() -> None:
    answer = answer_of(HallAnswer, HALL, nickname=None)
    assert answer.model_dump() == {"id": "h1", "version": 3, "name": "Fortezza", "place": {"city": "Firenze"}, "nickname": None}
    assert answer_of(HallAnswer, HALL, nickname="FdB", name="Da Basso").name == "Da Basso"


def test_a_field_without_a_value_is_an_error_and_not_left_out() -> None:
    with pytest.raises(ValidationError):
        answer_of(HallAnswer, HALL)


def test_a_tagged_answer_carries_its_version_as_etag() -> None:
    response = tagged(answer_of(PlaceAnswer, HALL, city="Lucca"), HALL.version)
    assert (response.body, response.headers["etag"], response.headers["content-type"]) == (
        b'{"city":"Lucca"}',
        '"3"',
        "application/json",
    )
