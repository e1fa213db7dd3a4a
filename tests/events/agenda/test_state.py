"""The state of an agenda: what its event makes of it, and what it claims."""

from services.events.agenda.state import Agenda, Placement, claims, digest_of_input
from services.events.agenda.state import evolve as evolve_agenda
from shared.chassis.documents import parse, to_document
from shared.contracts.events import AgendaPublished
from tests.events.computation.factories import newest

AGENDA = newest({"m": (("anna", "bruno", "carla"), 2, 4)}, {"m": ("anna:r1", "bruno", "carla")})


def test_an_agenda_is_read_as_it_was_written() -> None:
    assert parse(Agenda, to_document(AGENDA)) == AGENDA


def test_a_version_replaces_the_one_before_whole() -> None:
    event = AgendaPublished(event_id="e", placements=(), status="feasible", breaks=0, bound=0, input="j")
    assert evolve_agenda(AGENDA, event) == Agenda.from_event(event)


def test_it_claims_who_sits_there_and_the_table() -> None:
    people = {f"e:2:person:{person}" for person in ("anna:r1", "bruno", "carla")}
    assert set(claims("e", AGENDA)) == people | {"e:2:table:4"}


def test_who_sits_in_a_meeting_is_its_sides_unless_representatives_are_named() -> None:
    (placement,) = AGENDA.placements
    assert placement.sides == ("anna", "bruno", "carla")
    assert placement.seated == ("anna:r1", "bruno", "carla")
    assert Placement("n", ("anna", "bruno"), 1, 1).seated == ("anna", "bruno")


def test_a_restored_version_stands_for_the_input_it_was_checked_against() -> None:
    assert digest_of_input("restored:3:abc") == digest_of_input("minimise_gaps:abc") == digest_of_input("abc") == "abc"
