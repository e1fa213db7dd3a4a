"""Which modes are open, and what a member or a need lacks."""

import pytest

from services.matching.coverage.rules import NeedCoverage, answering_modes, open_modes


@pytest.mark.parametrize(
    ("kind", "natures", "modes"),
    [
        ("sme", {"product"}, ("b2b", "r2b")),
        ("sme", {"capital"}, ("b2b", "r2b", "f2b")),
        ("research-organisation", {"capital"}, ("r2b",)),
        ("financial-operator", set(), ("f2b",)),
    ],
)
def test_modes_open_to_a_member_depend_on_kind_and_needs(kind, natures, modes):  # type: ignore[no-untyped-def]
    assert open_modes(kind, natures) == modes


def test_capital_is_answered_by_finance_alone():
    assert answering_modes("sme", "capital") == ("f2b",)
    assert answering_modes("sme", "technology") == ("b2b", "r2b")
    assert answering_modes("research-organisation", "capital") == ()


def test_a_need_that_no_mode_could_answer_is_not_counted_as_unanswered():
    assert not NeedCoverage("n", "Capital", "capital", answering_modes("research-organisation", "capital"), ()).lacks(None)
    assert NeedCoverage("n", "Capital", "capital", answering_modes("sme", "capital"), ()).lacks(None)
