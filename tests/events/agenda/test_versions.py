"""Each version of an agenda is kept whole, in a row of its own."""

from services.events.agenda.state import Agenda
from services.events.agenda.versions import AGENDA_VERSIONS, fold_version, version_id, version_of
from shared.contracts.registry import MemberApproved
from tests.events.calendar.test_history import received, version

FIRST = version(1, ("m", ("anna", "bruno"), 1, 2))


def test_a_version_is_kept_with_its_number_and_when_it_was_published() -> None:
    row = fold_version("fair:0000003", None, received(3), FIRST)
    assert row is not None
    assert (row.version, row.published) == (3, received(3).envelope.time)
    whole = {name: value for name, value in vars(row).items() if name not in ("version", "published")}
    assert Agenda(**whole) == Agenda.from_event(FIRST)
    assert AGENDA_VERSIONS.read({"_id": "fair:0000003", **AGENDA_VERSIONS.dump(row)}) == row


def test_versions_sort_by_their_number() -> None:
    ids = [version_id("fair", number) for number in (1, 2, 9, 10, 200, 1_000_000)]
    assert ids == sorted(ids)
    assert list(version_of(received(10), FIRST)) == [version_id("fair", 10)]


def test_what_is_no_version_makes_no_row() -> None:
    assert list(version_of(received(4), MemberApproved())) == []
    assert fold_version("fair", None, received(4), MemberApproved()) is None
