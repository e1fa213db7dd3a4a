"""A state is stored as a document and read back as it was."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.chassis.writes.aggregate import Aggregate, Stored
from shared.contracts.registry import Place
from shared.contracts.topics import MEMBERS

CHANGED = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Member:
    name: str
    places: tuple[Place, ...]
    tables: dict[str, int]


TYPED = Aggregate[Member]("member", MEMBERS, "members", lambda state, _: state or Member("", (), {}), state=Member, revision=3)
PLAIN = Aggregate[Any]("member", MEMBERS, "members", lambda state, _: state)


def stored(state: Any, revision: int = 3) -> dict[str, Any]:
    return {"_id": "m1", "version": 7, "state": state, "evolve": revision, "changed": CHANGED}


def test_a_state_is_read_as_it_was_written() -> None:
    state = Member("A", (Place(country="IT", nuts3="ITI14"),), {"t1": 2})
    assert TYPED.read(stored(TYPED.dump(state))) == Stored("m1", 7, state, 3, CHANGED)


def test_the_revision_is_that_of_the_evolve_that_made_it() -> None:
    assert TYPED.read(stored(TYPED.dump(Member("A", (), {})), revision=2)).revision == 2


def test_a_document_that_is_no_state_is_refused() -> None:
    with pytest.raises(ValidationError, match="tables"):
        TYPED.read(stored({"name": "A", "places": []}))


def test_without_a_state_the_document_is_the_state() -> None:
    document = {"anything": [1]}
    assert PLAIN.read(stored(document)).state == PLAIN.dump(document) == document
