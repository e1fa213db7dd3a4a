"""What a printed page says of a participant, a table and a room."""

from dataclasses import replace
from datetime import UTC, datetime

from services.events.agenda.state import Placement, Unplaced
from services.events.agenda_view.timetable import timetable_of
from services.events.printing.sheets import participant_sheet, room_sheet, table_sheet
from shared.contracts.base import LocalizedText
from tests.events.printing.factories import details, slots, special_table, timetable


def test_a_representatives_sheet_has_only_its_meetings() -> None:
    seated = {"a:r1": ("m1", ("a", "b"), 1), "a:r2": ("m2", ("a", "c"), 2)}
    placements = [Placement(id, members, slot, 1, people=(person, members[1])) for person, (id, members, slot) in seated.items()]
    missing = [Unplaced("m3", ("a", "b"), LocalizedText(it="-", en="-"))]
    of = replace(details(), labels={"a:r2": "Vendite"})
    whole = timetable_of(of, placements, missing, 1)
    sheet = participant_sheet(whole, "a", "en", "a:r2")
    assert (sheet.heading, sheet.columns, sheet.missing) == ("Alfa (Vendite)", ("Time", "Table", "Meeting with"), ())
    assert [row[1:] for row in sheet.days[0][1]] == [("1", "Gamma")]
    member_sheet = participant_sheet(whole, "a", "en")
    assert [row[2] for row in member_sheet.days[0][1]] == ["r1", "Vendite"]
    assert len(member_sheet.missing) == 1


def test_tables_and_rooms_have_sheets_of_their_own() -> None:
    assert table_sheet(timetable(), 2, "en").days == (("Friday, 12 March 2027", (("09:50–10:10", "Alfa, Gamma"),)),)
    assert room_sheet(timetable(), "Carrara", "en").days == (
        ("Friday, 12 March 2027", (("09:30–09:50", "1", "Alfa, Beta"), ("09:50–10:10", "2", "Alfa, Gamma"))),
    )


def test_tables_with_a_label_and_virtual_ones_are_rooms_of_their_own() -> None:
    special = (special_table(2, label="Stand Alfa"), special_table(3, "virtual"))
    of = details(tables=3, special_tables=special)
    assert of.rooms == ("Carrara", "Stand Alfa", "Online")
    assert room_sheet(timetable(of), "Stand Alfa", "en").days == (
        ("Friday, 12 March 2027", (("09:50–10:10", "2", "Alfa, Gamma"),)),
    )


def test_a_sheet_parts_the_days_of_the_events_own_zone() -> None:
    late = details(slots=slots(datetime(2027, 3, 12, 22, 50, tzinfo=UTC), 3))
    sheet = participant_sheet(timetable(late), "a", "en")
    assert [heading for heading, _ in sheet.days] == ["Friday, 12 March 2027", "Saturday, 13 March 2027"]
    assert [rows[0][0] for _, rows in sheet.days] == ["23:50–00:10", "00:10–00:30"]


def test_a_sheet_names_the_rooms_where_one_is_not_the_venue() -> None:
    labelled = timetable(details(special_tables=(special_table(2, label="Stand Alfa"),)))
    sheet = participant_sheet(labelled, "a", "it")
    assert sheet.columns == ("Orario", "Tavolo", "Sala", "Incontro con")
    assert [row[1:3] for row in sheet.days[0][1]] == [("1", "Carrara"), ("2", "Stand Alfa")]
    assert participant_sheet(labelled, "b", "it").columns == ("Orario", "Tavolo", "Incontro con"), "all of its are in the venue"
    assert table_sheet(labelled, 1, "it").heading == "Tavolo 1"
    assert table_sheet(labelled, 2, "it").heading == "Tavolo 2, Stand Alfa"


def test_a_sheet_says_of_a_virtual_table_that_it_is_online() -> None:
    for label, place in ((None, "Online"), ("Aula B", "Aula B (online)")):
        of = timetable(details(special_tables=(special_table(2, "virtual", label),)))
        assert participant_sheet(of, "c", "en").days[0][1] == (("09:50–10:10", "2", place, "Alfa"),)
