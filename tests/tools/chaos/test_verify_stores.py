"""Read models against the ledger."""

from tests.tools.chaos.factories import violations_of
from tools.chaos.verify_stores import compare_views


def test_read_models_are_compared_by_the_expected_fields() -> None:
    expected = {"m": {"status": "approved", "offers": {"a", "b"}, "profile": {"summary": "new"}}}
    documents = {"m": {"status": "approved", "offers": {"a": 1, "b": 2}, "profile": {"summary": "new", "language": "it"}}}
    assert violations_of(compare_views("v", expected, documents)) == []
    changed = {"m": {**documents["m"], "offers": {"a": 1, "c": 3}, "profile": {"summary": "old"}}, "x": {}}
    assert sorted(violations_of(compare_views("v", expected, changed))) == ["duplicated", "duplicated", "lost", "lost"]
    assert violations_of(compare_views("v", expected, {})) == ["lost"]
