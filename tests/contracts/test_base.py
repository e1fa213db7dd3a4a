"""Collections are bounded before their items are looked at, moments by the calendar in UTC."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.contracts.base import Items, milliseconds_of, to_milliseconds
from shared.contracts.events import Slot


class Collections(BaseModel):
    numbers: Annotated[tuple[int, ...], Items(20, least=1)] = (1,)
    tags: Annotated[frozenset[int], Items(20)] = frozenset()
    prices: Annotated[dict[str, int], Items(20)] = {}


def errors_of(**values: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as failure:
        Collections.model_validate(values)
    return [(".".join(map(str, error["loc"])), error["type"]) for error in failure.value.errors()]


@pytest.mark.parametrize(
    ("field", "items"),
    [
        ("numbers", ["x"] * 21),
        ("tags", [f"x{number}" for number in range(21)]),
        ("prices", {f"x{number}": "x" for number in range(21)}),
    ],
)
def test_there_is_one_error_however_many_items_are_wrong(field: str, items: Any) -> None:
    assert errors_of(**{field: items}) == [(field, "too_long")]


def test_the_items_of_a_collection_of_the_right_length_are_checked() -> None:
    assert ("numbers.1", "int_parsing") in errors_of(numbers=[1, "x"])
    assert errors_of(prices={"a": "x"}) == [("prices.a", "int_parsing")]
    assert errors_of(numbers=[]) == [("numbers", "too_short")]


def test_a_collection_is_read_written_and_described_as_itself() -> None:
    text = '{"numbers":[1,2],"tags":[3],"prices":{"a":1}}'
    read = Collections.model_validate_json(text)
    assert (read.numbers, read.tags, read.prices) == ((1, 2), frozenset({3}), {"a": 1})
    assert read.model_dump_json() == text
    described = Collections.model_json_schema()["properties"]
    numbers = described["numbers"]
    assert (numbers["type"], numbers["items"], numbers["maxItems"], numbers["minItems"]) == ("array", {"type": "integer"}, 20, 1)
    assert described["prices"]["maxProperties"] == 20


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_that_is_none_in_utc_is_a_wrong_field(moment: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Slot.model_validate({"number": 1, "starts": moment, "ends": "2026-11-22T09:00:00Z"})
    assert [error["loc"] for error in wrong.value.errors()] == [("starts",)]


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))
def test_milliseconds_are_those_of_the_moment_cut_to_them(moment: datetime) -> None:
    milliseconds = milliseconds_of(moment)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds) == to_milliseconds(moment)
