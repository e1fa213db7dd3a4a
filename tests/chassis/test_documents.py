"""Documents parsed into frozen dataclasses, and written back."""

from dataclasses import dataclass
from datetime import UTC, datetime

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.chassis.documents import parse, to_document


@dataclass(frozen=True)
class Place:
    slot: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class Meeting:
    begins: datetime
    place: Place | None
    rooms: dict[str, Place]


PLACES = st.builds(Place, st.integers(0, 2**31), st.lists(st.text(max_size=9), max_size=3).map(tuple))
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
KEYS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)
MEETINGS = st.builds(Meeting, MOMENTS, st.none() | PLACES, st.dictionaries(KEYS, PLACES, max_size=3))


@given(MEETINGS)
def test_what_is_stored_is_read_back_the_same(meeting: Meeting) -> None:
    stored = bson.decode(bson.encode(to_document(meeting)), codec_options=bson.CodecOptions(tz_aware=True))
    assert parse(Meeting, stored) == meeting


def test_fields_that_are_not_declared_are_left_out() -> None:
    assert parse(Place, {"_id": "p", "slot": 1, "people": ["anna"]}) == Place(1, ("anna",))


@pytest.mark.parametrize("document", [{"slot": 1}, {"slot": "first", "people": []}, {"slot": 1, "people": None}, None])
def test_a_document_that_does_not_fit_is_an_error(document: object) -> None:
    with pytest.raises(ValidationError):
        parse(Place, document)
