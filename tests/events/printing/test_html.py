"""Pages to print: what they say, and that any text leaves them, and the picture of the day, well-formed."""

from xml.etree import ElementTree

import tinyhtml5
from hypothesis import example, given
from hypothesis import strategies as st

from services.events.agenda_view.timetable import Timetable, timetable_of
from services.events.printing.html import page
from services.events.printing.sheets import Sheet, participant_sheet, participants, room_sheet, table_sheet
from services.events.printing.svg import picture
from shared.chassis.plain_text import clean
from shared.contracts.base import Language
from tests.events.printing.factories import NASTY, details, text_in_both, texts, timetable
from tests.events.printing.test_svg import SVG, drawn

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
    assert "Versione 4 · Fuso orario: Europe/Rome" in text


def test_long_labels_wrap() -> None:
    style = page(timetable(), [], "en").partition("<style>")[2].partition("</style>")[0]
    assert "nowrap" not in style
    assert "table-layout: fixed" in style, "no column is as wide as what is in it"
    [cells] = [rule for rule in style.splitlines() if rule.startswith("th, td {")]
    assert "overflow-wrap: anywhere" in cells


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
