"""The text format of the published benchmark: parsed, or refused with the name of the field and the place in it."""

import pytest

from services.events.scheduling import Meeting, Participant, Problem, ProblemError, Slot, parse_dzn

TEXT = """
    nBusiness = 3; nMeetings = 2; nTables = 1; nTotalSlots = 4; nMorningSlots = 2;
    requested = [|1, 2,3,
    |3, 2,2,
    |];
    forbidden = [{0}, {0,4}, {1,2}];
    fixed = [0,3];
    precedences = [{}, {1}];
    """


def test_the_fields_of_an_instance_are_parsed() -> None:
    assert parse_dzn(TEXT, fairness=1) == Problem(
        participants=(Participant("1"), Participant("2", frozenset({4})), Participant("3", frozenset({1, 2}))),
        meetings=(Meeting("1", ("1", "2")), Meeting("2", ("3", "2"), session=2, fixed_slot=3, predecessors=("1",))),
        slots=(Slot(1, 1), Slot(2, 1), Slot(3, 2), Slot(4, 2)),
        tables=1,
        fairness=1,
    )


@pytest.mark.parametrize(
    ("part", "equivalent"),
    [
        ("nBusiness = 3;", "% nBusiness = 5;\n /* nTables = 5; {9} */ nBusiness % not = 4;\n = 3;"),
        ("{1,2}", "{1..2}"),
        ("{1,2}", "0 .. 2"),
        ("{1,2}", "{ 2, 1..1, }"),
        ("{0}", "{2..1}"),
        ("{1,2}]", "{1,2},]"),
        ("fixed = [0,3]", "fixed=[ 0, 3, ]"),
        ("|3, 2,2,\n    |]", "|3,2,2|]"),
    ],
)
def test_equal_instances_in_other_notation_are_parsed_alike(part: str, equivalent: str) -> None:
    assert part in TEXT
    assert parse_dzn(TEXT.replace(part, equivalent)) == parse_dzn(TEXT)


def test_a_range_holds_what_is_between_its_ends() -> None:
    assert parse_dzn(TEXT.replace("{1,2}", "{1..3}")).unavailable["3"] == {1, 2, 3}
    assert parse_dzn(TEXT.replace("{1,2}", "2..4")).unavailable["3"] == {2, 3, 4}


def test_a_file_may_have_no_meetings() -> None:
    text = "nBusiness = 1; nMeetings = 0; nTables = 1; nTotalSlots = 1; nMorningSlots = 1;"
    assert parse_dzn(text + "requested = [||]; forbidden = [{0}]; fixed = []; precedences = [];").meetings == ()


@pytest.mark.parametrize(
    ("part", "wrong", "message"),
    [
        ("|3, 2,2,", "|3, 2,2,4,", "requested: row 2 has 4 numbers instead of 3"),
        ("|3, 2,2,", "|3, 2,", "requested: row 2 has 2 numbers instead of 3"),
        ("|3, 2,2,", "|", "requested: row 2 has 0 numbers instead of 3"),
        ("|1, 2", "|-1, 2", "requested: row 1 must hold whole numbers of six digits at most, not '-1'"),
        ("|1, 2", "|1.5, 2", "requested: row 1 must hold whole numbers of six digits at most, not '1.5'"),
        ("|1, 2", "|1, , 2", "requested: row 1 must hold whole numbers of six digits at most, not ''"),
        ("|1, 2", "1, 2", "requested: must be rows of three numbers"),
        ("[0,3]", "[0,x]", "fixed: the list must hold whole numbers of six digits at most, not 'x'"),
        ("[0,3]", "0,3", "fixed: must be a list such as"),
        ("{1,2}", "{1 2}", "forbidden: set 3 must hold whole numbers of six digits at most, not '1 2'"),
        ("{1,2}", "{1,,2}", "forbidden: set 3 must hold whole numbers of six digits at most, not ''"),
        ("{1,2}", "{1,5}", "forbidden: set 3 holds 5, and 4 is the last there is"),
        ("{1,2}", "{1..999999}", "forbidden: set 3 holds 999999, and 4 is the last there is"),
        ("{1,2}", "1,2", "forbidden: set 3 must be such as"),
        ("{0,4}, {1,2}", "{0,4} {1,2}", "forbidden: set 2 must be such as"),
        ("{1,2}", "{1,2", "forbidden: set 3 must be such as"),
        ("{1}]", "{3}]", "precedences: set 2 holds 3, and 2 is the last there is"),
        ("nMorningSlots = 2", "nMorningSlots = 9", "nMorningSlots: must be 4 at most, as nTotalSlots says, not 9"),
        ("nTables = 1", "nTables = 1; nTables = 2", "nTables: is given 2 times instead of once"),
        ("nTables = 1", "nTables = -1", "nTables: must be a whole number of six digits at most, not '-1'"),
        ("nTables = 1", f"nTables = {'1' * 5_000}", "nTables: must be a whole number of six digits at most"),
    ],
)
def test_a_malformed_field_is_reported_by_name_and_place(part: str, wrong: str, message: str) -> None:
    assert part in TEXT
    with pytest.raises(ProblemError) as raised:
        parse_dzn(TEXT.replace(part, wrong))
    assert str(raised.value).startswith(message)
    assert len(str(raised.value)) < 150


def test_a_missing_field_is_reported() -> None:
    with pytest.raises(ProblemError) as raised:
        parse_dzn("nTables = 3;")
    assert raised.value.field == "nTotalSlots"
