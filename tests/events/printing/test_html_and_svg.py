"""Printed pages and the picture of the day: what they say, and that any text leaves them well-formed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import tinyhtml5
from hypothesis import example, given
from hypothesis import strategies as st

from services.events.agenda.state import Placement, Unplaced
from services.events.agenda_view.text import cut
from services.events.agenda_view.timetable import Timetable, timetable_of
from services.events.printing.html import page
from services.events.printing.sheets import Sheet, participant_sheet, participants, room_sheet, table_sheet
from services.events.printing.svg import COLUMN, LETTER, picture
from shared.chassis.plain_text import clean
from shared.contracts.base import Language, LocalizedText
from tests.events.printing.factories import MORNING, NASTY, details, slots, special_table, text_in_both, texts, timetable

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {f"{SVG}{name}" for name in ("svg", "title", "desc", "style", "rect", "text", "g")}
LANGUAGES: list[Language] = ["it", "en"]
languages = st.sampled_from(LANGUAGES)


def all_sheets(of: Timetable, language: Language) -> list[Sheet]:
    return [
        *(participant_sheet(of, member, language) for member in participants(of)),
        table_sheet(of, 1, language),
        room_sheet(of, of.event.rooms[0], language),
    ]


def visible_text(html: str) -> str:
    """The visible text of a page, by a strict HTML parser; the page must be well-formed XML too."""
    tree = tinyhtml5.parse(html, namespace_html_elements=False, strict=True)
    ElementTree.fromstring(html.partition("\n")[2])
    assert not list(tree.iter("script"))
    body = tree.find("body")
    assert body is not None
    return " ".join("".join(body.itertext()).split())


def drawn(svg: str) -> ElementTree.Element:
    tree = ElementTree.fromstring(svg)
    assert tree.tag == f"{SVG}svg"
    assert {element.tag for element in tree.iter()} <= DRAWN
    return tree


def test_a_participants_sheet_says_when_where_whom_and_what_has_no_place() -> None:
    sheet = participant_sheet(timetable(reason="Beta ha 9 incontri e 8 slot liberi."), "c", "it")
    assert sheet == Sheet(
        "Gamma",
        ("Orario", "Tavolo", "Incontro con"),
        (("venerdì 12 marzo 2027", (("09:50–10:10", "2", "Alfa"),)),),
        (("Beta", "Beta ha 9 incontri e 8 slot liberi."),),
    )
    text = visible_text(page(timetable(), [sheet], "it"))
    assert "Senza posto in agenda Beta: Beta ha 9 incontri e 8 slot liberi." in text
    assert "Versione 4 · Ora di Europe/Rome" in text


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


def test_long_labels_wrap() -> None:
    style = page(timetable(), [], "en").partition("<style>")[2].partition("</style>")[0]
    assert "nowrap" not in style
    assert "table-layout: fixed" in style, "no column is as wide as what is in it"
    [cells] = [rule for rule in style.splitlines() if rule.startswith("th, td {")]
    assert "overflow-wrap: anywhere" in cells


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


def test_who_has_no_meeting_is_told_so() -> None:
    sheet = table_sheet(timetable_of(details(), [], [], 1), 1, "en")
    assert "Table 1 No meetings." in visible_text(page(timetable(), [sheet], "en"))
    assert visible_text(page(timetable(), [], "en")) == "No meetings."


@given(title=texts, venue=texts, names=st.lists(texts, min_size=3, max_size=3), reason=texts, language=languages)
@example(title=NASTY[0], venue=NASTY[1], names=NASTY[2:5], reason=NASTY[5], language="it")
@example(title=NASTY[7], venue=NASTY[8], names=[NASTY[0], NASTY[6], NASTY[7]], reason=NASTY[1], language="en")
def test_any_text_leaves_pages_and_the_picture_well_formed(
    title: str, venue: str, names: list[str], reason: str, language: Language
) -> None:
    of = details(dict(zip("abc", names, strict=True)), title=text_in_both(title), venue=venue)
    whole = timetable(of, reason)
    text = visible_text(page(whole, all_sheets(whole, language), language))
    tree = drawn(picture(whole, language))
    titles = [element.text or "" for element in tree.iter(f"{SVG}title")]
    assert clean(title) in titles[0]
    for member in "abc":
        assert whole.event.name(member) in text
        assert any(whole.event.name(member) in heading for heading in titles[1:])


def busy_day(tables: int, columns: int) -> Timetable:
    names = {f"m{n}": f"Officine Meccaniche dell'Alta Valdera {n} società cooperativa a r.l." for n in range(2 * tables)}
    half = columns // 2
    times = slots(MORNING, half) + slots(MORNING + timedelta(hours=6), columns - half, session=2, first=half + 1)
    of = details(names, slots=times, tables=tables)
    placements = [
        Placement(f"x{slot}-{table}", (f"m{2 * table - 2}", f"m{2 * table - 1}"), slot, table)
        for slot in range(1, columns + 1)
        for table in range(1, tables + 1)
    ]
    return timetable_of(of, placements, [], 1)


def boxes(tree: ElementTree.Element) -> list[tuple[ElementTree.Element, list[ElementTree.Element]]]:
    groups = ((group.find(f"{SVG}rect"), group.findall(f"{SVG}text")) for group in tree.iter(f"{SVG}g"))
    return [(box, lines) for box, lines in groups if box is not None]


def number(element: ElementTree.Element, name: str) -> float:
    return float(element.attrib[name])


def test_a_full_day_of_thirty_tables_and_twenty_slots_is_legible() -> None:
    svg = picture(busy_day(30, 20), "it")
    tree = drawn(svg)
    assert len(svg) < 400_000
    assert tree.attrib["role"] == "img"
    ids = {element.attrib.get("id") for element in tree}
    assert set(tree.attrib["aria-labelledby"].split()) <= ids
    cells = boxes(tree)
    assert len(cells) == 600
    for box, lines in cells:
        assert len(lines) == 2
        for line in lines:
            assert number(box, "x") < number(line, "x")
            assert number(line, "x") + 6 * len(line.text or "") <= number(box, "x") + number(box, "width")
            assert number(box, "y") < number(line, "y") - 9
            assert number(line, "y") < number(box, "y") + number(box, "height")
    places = sorted({(number(box, "x"), number(box, "y")) for box, _ in cells})
    assert len(places) == 600
    columns = sorted({x for x, _ in places})
    assert min(b - a for a, b in pairwise(columns)) >= COLUMN
    assert max(columns) + COLUMN <= number(tree, "width")
    headings = [element for element in tree.iter(f"{SVG}text") if "Sessione" in (element.text or "")]
    assert [(element.text or "").rpartition(" · ")[2] for element in headings] == ["Sessione 1", "Sessione 2"]
    assert LETTER * len(headings[0].text or "") <= columns[10] - columns[0]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Alfa", 5, "Alfa"),
        ("Alfa Beta", 7, "Alfa…"),
        ("Elettromeccanica", 9, "Elettro…"),
        ("ELETTROMECCANICA", 9, "ELETTR…"),
        ("漢字漢字", 6, "漢字…"),
        ("cafe\u0301 noir", 5, "cafe\u0301…"),
        ("👩‍👩‍👧 x", 3, "👩‍👩‍👧…"),
        ("Bianchi, Rossi e figli", 10, "Bianchi…"),
    ],
)
def test_names_are_cut_at_words_and_never_inside_a_sign(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@given(texts.map(clean), st.integers(2, 60))
def test_a_cut_text_begins_like_the_whole(text: str, width: int) -> None:
    short = cut(text, width)
    assert len(short) <= len(text)
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
