"""Agendas: every placement of a version."""

from typing import Any, ClassVar, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from shared.contracts.base import DomainEvent, Id, LocalizedText, Value


class Seated(Value):
    """A meeting of an agenda. An agenda has thousands: what is empty is not written, and read as empty."""

    @model_serializer(mode="wrap", when_used="json")
    def _without_what_is_empty(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if value not in ((), [])}


class Placement(Seated):
    """A meeting of an agenda: who, in which slot, at which table (from 1).

    A group has `others` beside the first two. `people` says who sits there where a member has several representatives, in
    the order of the members: `member:representative`, or the member itself.
    """

    meeting_id: Id
    members: tuple[Id, Id]
    slot: int = Field(ge=1)
    table: int = Field(ge=1)
    others: tuple[Id, ...] = Field(default=(), max_length=8)
    people: tuple[Id, ...] = Field(default=(), max_length=10)


class Unplaced(Seated):
    """An accepted meeting the agenda has no place for, and why."""

    meeting_id: Id
    members: tuple[Id, Id]
    reason: LocalizedText
    others: tuple[Id, ...] = Field(default=(), max_length=8)


class Unmet(Value):
    """A need of a participant that the agenda could not meet, a table of its own, and why."""

    member_id: Id
    reason: LocalizedText


class OwnTable(Value):
    """The table that a participant who asked for a fixed one has to itself, through every version."""

    member_id: Id
    table: int = Field(ge=1)


class AgendaPublished(DomainEvent):
    """One whole version of an agenda: all placements, and the input it was computed from.

    A version that is `repaired` changes as little as possible of the one before, and `optimal` says that it does; one that
    `restores` an earlier version publishes that again. `appointments` are the meetings with a place of their own outside it; those
    `appointed` have left the version before for one.
    """

    TYPE: ClassVar[str] = "events.agenda-published.v1"
    event_id: Id
    placements: tuple[Placement, ...] = Field(max_length=20000)
    unplaced: tuple[Unplaced, ...] = Field(default=(), max_length=20000)
    status: Literal["optimal", "feasible"]
    breaks: int = Field(ge=0)
    bound: int = Field(ge=0)
    input: str = Field(max_length=80)
    repaired: bool = False
    restores: int | None = Field(default=None, ge=1)
    own_tables: tuple[OwnTable, ...] = Field(default=(), max_length=500)
    unmet: tuple[Unmet, ...] = Field(default=(), max_length=5000)
    appointments: tuple[Placement, ...] = Field(default=(), max_length=20000)
    appointed: tuple[Id, ...] = Field(default=(), max_length=20000)
