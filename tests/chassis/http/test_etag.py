"""Which answers a caller has already."""

import pytest

from shared.chassis.http.etag import tag_matches, tag_of


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, False), ('"b"', False), ('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ("a", False)],
)
@pytest.mark.parametrize("tag", ['"a"', 'W/"a"'])
def test_tags_are_compared_weakly(header: str | None, expected: bool, tag: str) -> None:
    assert tag_matches(header, tag) == expected


def test_the_same_bytes_have_the_same_tag() -> None:
    assert tag_of(b"a") == tag_of(memoryview(b"a")) != tag_of(b"b")
