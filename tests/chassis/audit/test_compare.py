"""Documents are compared in one form, and the first difference says where it is."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.chassis.audit.compare import canonical, first_difference

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "folded"),
    [
        ({"tags": ["a", "b"]}, {"tags": ("a", "b")}),
        ({"at": NOON}, {"at": NOON.replace(microsecond=999)}),
        ({"at": datetime(2038, 2, 1, 0, 0, 0, 2000, UTC)}, {"at": datetime(2038, 2, 1, 0, 0, 0, 2999, UTC)}),
        ({"at": NOON}, {"at": NOON.astimezone(timezone(timedelta(hours=1)))}),
        ({"a": 1, "b": {"c": None}}, {"b": {"c": None}, "a": 1}),
    ],
)
def test_what_the_store_keeps_otherwise_is_equal(stored: Any, folded: Any) -> None:
    assert first_difference(canonical(stored), canonical(folded)) is None


@pytest.mark.parametrize(
    ("stored", "folded", "difference"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b: stored '1', folded '2'"),
        ({"a": 1}, {}, "a is only in what is stored"),
        ({"a": {}}, {"a": {"b": None}}, "a.b is only in what is folded"),
        ({"a": None}, {"a": 0}, "a: stored 'None', folded '0'"),
        (None, {"a": 1}, "document: stored 'None', folded \"{'a': 1}\""),
        ({"at": NOON}, {"at": NOON + timedelta(milliseconds=1)}, "at: stored '1795348800000', folded '1795348800001'"),
        ({"tags": ["a", "b"]}, {"tags": ["b", "a"]}, "tags: stored \"['a', 'b']\", folded \"['b', 'a']\""),
    ],
)
def test_the_first_difference_is_named(stored: Any, folded: Any, difference: str) -> None:
    assert first_difference(canonical(stored), canonical(folded)) == difference


def test_a_long_value_is_cut() -> None:
    assert len(str(first_difference("x" * 1000, "y" * 1000))) < 250
