"""Names and reasons are cut to what an event takes."""

import pytest

from services.events.computation.texts import LONGEST_NAME, LONGEST_REASON, name_of, shorten, shorten_reason


@pytest.mark.parametrize(("text", "expected"), [("abc", "abc"), ("abcd", "abcd"), ("abcde", "abc…"), ("", "")])
def test_a_text_is_cut_where_it_is_too_long(text: str, expected: str) -> None:
    assert shorten(text, 4) == expected


def test_a_member_without_a_name_is_named_by_its_id() -> None:
    names = {"anna": "Marmi Anna", "bruno": "x" * 200}
    assert (name_of(names, "anna"), name_of(names, "carla"), len(name_of(names, "bruno"))) == ("Marmi Anna", "carla", LONGEST_NAME)


def test_a_reason_is_cut_in_each_language_for_itself() -> None:
    reason = shorten_reason("perché", "y" * 900)
    assert (reason.it, len(reason.en), reason.en[-1]) == ("perché", LONGEST_REASON, "…")
