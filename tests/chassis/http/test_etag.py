"""Which answers a caller has already."""

import pytest

from shared.chassis.http.etag import opaque_tag, tag_matches, tag_of


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, False), ('"b"', False), ('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ("a", False)]
    + [(' "b" ,, W/"a",', True), ('"b,c", "a"', True), ("", False)]
    + [(header, False) for header in ('"""a"', '"a""', '"a" "b"', '"b", *', '"x, "a", y"', 'w/"a"', 'W/W/"a"', '"a', '"a", b')],
)
@pytest.mark.parametrize("tag", ['"a"', 'W/"a"'])
def test_tags_are_compared_weakly(header: str | None, expected: bool, tag: str) -> None:
    assert tag_matches(header, tag) == expected


def test_the_same_bytes_have_the_same_tag() -> None:
    assert tag_of(b"a") == tag_of(memoryview(b"a")) != tag_of(b"b")


def test_an_entity_tag_has_one_pair_of_quotes() -> None:
    read = {'"1"': "1", 'W/"1"': "1", ' "1" ': "1", '""': ""}
    assert {written: opaque_tag(written) for written in read} == read
    for written in ('"""1"', '"1""', '""1""', "1", '"1', '1"', 'w/"1"', "W/1", '"1 "', '"1", "2"', "", '"1\u20ac"'):
        assert opaque_tag(written) is None, written
