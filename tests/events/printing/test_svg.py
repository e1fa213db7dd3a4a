"""The picture of the day: well-formed, and legible when the day is full."""

from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree

from services.events.agenda.state import Placement
from services.events.agenda_view.timetable import Timetable, timetable_of
from services.events.printing.svg import COLUMN, LETTER, picture
from tests.events.printing.factories import MORNING, details, slots

SVG = "{http://www.w3.org/2000/svg}"


DRAWN = {f"{SVG}{name}" for name in ("svg", "title", "desc", "style", "rect", "text", "g")}


def drawn(svg: str) -> ElementTree.Element:
    tree = ElementTree.fromstring(svg)
    assert tree.tag == f"{SVG}svg"
    assert {element.tag for element in tree.iter()} <= DRAWN
    return tree


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
