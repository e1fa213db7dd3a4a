"""The check of names: each refusal, and each exemption."""

from pathlib import Path

import pytest

from tools.linters.names import check_source, contract_fields

ROOT = Path(__file__).parents[3]
AREA = Path("services/events/agenda/rules.py")


def words(source: str, path: Path = AREA, published: frozenset[str] = frozenset()) -> list[str]:
    return [finding.word for finding in check_source(path, source, published)]


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("told = 1", "told"),
        ("TOLD = 1", "TOLD"),
        ("_told = 1", "_told"),
        ("is_told: bool = True", "is_told"),
        ("def found(): ...", "found"),
        ("async def said(): ...", "said"),
        ("class Told: ...", "Told"),
        ("def rule(who): ...", "who"),
        ("def rule(*others): ...", "others"),
        ("def rule(*, kept): ...", "kept"),
        ("lambda one: 1", "one"),
        ("[1 for one in ()]", "one"),
        ("for other in (): ...", "other"),
        ("with open('x') as here: ...", "here"),
        ("if (found := 1): ...", "found"),
        ("self.mine = 1", "mine"),
        ("import module as theirs", "theirs"),
        ("from module import name as ours", "ours"),
        ("try: ...\nexcept ValueError as this: ...", "this"),
        ("match 1:\n    case that: ...", "that"),
        ("match []:\n    case [*others]: ...", "others"),
        ("match {}:\n    case {**others}: ...", "others"),
        ("class State:\n    asked: int", "asked"),
        ("it = 1", "it"),
        ("def stop_one(): ...", "stop_one"),
        ("def rule(it): ...", "it"),
    ],
)
def test_a_pronoun_or_participle_is_no_name(source: str, word: str) -> None:
    assert words(source) == [word]


@pytest.mark.parametrize(
    "source",
    [
        "told_members = 1",
        "alone = 1",
        "print(one)",
        "state.others",
        "replace(state, others=())",
        "document['asked']",
        "def text(it, en): ...",
        "def test_who_is_told_is_told(): ...",
        "from module import found",
        "_ = 1",
    ],
)
def test_a_noun_and_what_is_only_used_pass(source: str) -> None:
    assert words(source) == []


def test_a_field_may_mirror_a_published_one_and_a_variable_may_not() -> None:
    published = frozenset({"others"})
    assert words("class State:\n    others: tuple[str, ...] = ()", published=published) == []
    assert words("others = 1", published=published) == ["others"]
    assert words("def rule(others): ...", published=published) == ["others"]


def test_the_published_fields_are_read_from_the_contracts() -> None:
    assert contract_fields(ROOT / "shared" / "contracts") >= {"others", "asked", "yours", "theirs", "member_id"}


@pytest.mark.parametrize(
    "name",
    [
        "lane",
        "by_lane",
        "LANES",
        "Lane",
        "waiting_room",
        "WaitingRoom",
        "handover",
        "hand_over",
        "remove_strangers",
        "Footprint",
        "_gate",
    ],
)
def test_a_retired_word_is_no_part_of_a_name(name: str) -> None:
    assert words(f"{name} = 1", Path("shared/chassis/consumers/consumer.py")) == [name]


def test_a_retired_word_is_whole() -> None:
    assert words("airplane = planes = aggregate = investigated = attends = 1") == []


def test_a_retired_word_is_no_name_of_a_module() -> None:
    assert words("", Path("area/waiting_room.py")) == ["waiting_room"]
    assert words("", Path("tests/area/test_waiting_room.py")) == ["test_waiting_room"]


def test_some_words_are_retired_in_one_area_only() -> None:
    assert words("turns = 1", Path("services/events/agenda/rules.py")) == ["turns"]
    assert words("turns = 1", Path("tools/chaos/load.py")) == []


def test_some_words_are_retired_as_whole_names_of_classes_only() -> None:
    assert words("class Wish: ...") == ["Wish"]
    assert words("class WishList: ...") == []
    assert words("wish = 1") == []


@pytest.mark.parametrize(
    "source", ['"""Holds the lane."""', "# The waiting room is full.", 'def hold():\n    """A.\n\n    Laid aside."""']
)
def test_a_retired_word_is_not_written_in_prose(source: str) -> None:
    assert len(words(source)) == 1


@pytest.mark.parametrize("source", ['"""Writes `parked` as the kind."""', "# A stranger walks on planes.", 'kind = "parked"'])
def test_prose_may_quote_and_use_words_with_other_meanings(source: str) -> None:
    assert words(source) == []


def test_the_name_of_a_test_uses_no_retired_word_of_one_meaning() -> None:
    assert words("def test_a_lane_is_held(): ...") == ["test_a_lane_is_held"]
    assert words("def test_a_stranger_walks_in(): ...") == []


def test_an_allowance_holds_for_its_path_only() -> None:
    assert words("def drill(): ...", Path("distretti/cli/drill.py")) == []
    assert words("def drill(): ...", Path("tools/chaos/run.py")) == ["drill"]


def test_a_finding_says_where_and_what_to_write_instead() -> None:
    (finding,) = check_source(AREA, "first = 1\nlane = 2\n")
    assert str(finding) == "services/events/agenda/rules.py:2: lane: retired word `lane`: stream (topic and key)"


def test_the_line_of_a_docstring_is_the_line_of_the_word() -> None:
    (finding,) = check_source(AREA, '"""One.\n\nThe lane.\n"""\n')
    assert finding.line == 3
