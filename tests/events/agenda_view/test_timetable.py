"""The timetable: who meets whom, named as people know them."""

from dataclasses import replace

from tests.events.printing.factories import details, timetable

ABC = {"a": "Alfa", "b": "Beta", "c": "Gamma"}


def test_meetings_are_in_the_order_of_time_and_each_member_has_its_own() -> None:
    day = timetable()
    assert [meeting.meeting_id for meeting in day.meetings] == ["m1", "m2"]
    placed, unplaced = day.of_member["c"]
    assert ([meeting.meeting_id for meeting in placed], [meeting.meeting_id for meeting in unplaced]) == (["m2"], ["m3"])
    assert [meeting.meeting_id for meeting in day.of_member["a"][0]] == ["m1", "m2"]


def test_a_side_is_named_with_its_representative_where_it_has_several() -> None:
    named = replace(details(ABC), labels={"a:r2": "Vendite"})
    assert named.partners(("a", "b"), "b", ("a:r2", "b")) == "Alfa (Vendite)"
    assert named.partners(("a", "b"), people=("a:r1", "b")) == "Alfa (r1), Beta", "by its id where it has no label"
    assert named.labels_of(("a:r2", "b")) == ["Vendite", None]
    assert named.name("unknown") == "unknown"


def test_times_are_of_the_zone_of_the_event() -> None:
    first = timetable().meetings[0]
    assert first.slot.starts.isoformat() == "2027-03-12T09:30:00+01:00"
