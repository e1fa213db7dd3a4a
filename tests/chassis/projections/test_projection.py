"""Rows are stored without their id, and read back as they were."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.chassis.projections.projection import Projection, marks_nothing, own_key
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import MEMBERS
from tests.chassis.received_event import received


@dataclass(frozen=True)
class Seen:
    name: str
    topics: tuple[str, ...]
    since: datetime
    note: str | None = None


def keep(_id: str, row: Any, *_: Any) -> Any:
    return row


TYPED = Projection("hearing.seen", (MEMBERS,), "seen", keep, row=Seen)
PLAIN: Projection[dict[str, Any]] = Projection("hearing.seen", (MEMBERS,), "seen", keep)


def test_a_row_is_read_as_it_was_written() -> None:
    row = Seen("A", ("x", "y"), datetime(2026, 11, 22, tzinfo=UTC))
    document = TYPED.dump(row)
    assert "_id" not in document
    assert TYPED.read({"_id": "m1", **document}) == row


def test_a_stored_document_that_is_no_row_is_refused() -> None:
    with pytest.raises(ValidationError, match="name"):
        TYPED.read({"_id": "m1", "topics": [], "since": datetime(2026, 11, 22, tzinfo=UTC)})


def test_a_plain_document_passes_without_its_id() -> None:
    document = {"_id": "m1", "events": 2}
    assert PLAIN.read(document) == document
    assert PLAIN.dump(document) == {"events": 2}


def test_without_more_an_event_changes_its_own_document_and_marks_nothing() -> None:
    event = MemberApproved()
    assert list(own_key(received(1, event, "m7"), event)) == ["m7"]
    assert list(marks_nothing(received(1, event), event)) == []
