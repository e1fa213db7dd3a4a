"""An agenda as it is stored: every version is whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.chassis.documents import parse
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished

Status = Literal["optimal", "feasible"]


@dataclass(frozen=True)
class Placement:
    """A meeting in a slot at a table. `people` is empty where the members come themselves."""

    meeting_id: str
    members: tuple[str, ...]
    slot: int
    table: int
    others: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """All members that meet: of a group, more than two."""
        return (*self.members, *self.others)

    @property
    def seated(self) -> tuple[str, ...]:
        """Who sits there, in the order of the sides."""
        return self.people or self.sides


@dataclass(frozen=True)
class Unplaced:
    """An accepted meeting that has no place, and why."""

    meeting_id: str
    members: tuple[str, ...]
    reason: LocalizedText
    others: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """All members that would meet."""
        return (*self.members, *self.others)


@dataclass(frozen=True)
class OwnTable:
    """The table that a participant has to itself."""

    member_id: str
    table: int


@dataclass(frozen=True)
class Unmet:
    """A participant that needs a table of its own and has none, and why."""

    member_id: str
    reason: LocalizedText


@dataclass(frozen=True)
class Agenda:
    """One version of an agenda. The contract `AgendaPublished` says what each field means."""

    event_id: str
    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    status: Status
    breaks: int
    bound: int
    input: str
    repaired: bool
    restores: int | None
    own_tables: tuple[OwnTable, ...]
    unmet: tuple[Unmet, ...]
    appointments: tuple[Placement, ...]
    appointed: tuple[str, ...]

    def by_meeting(self) -> dict[str, Placement]:
        """Index the placements by meeting."""
        return {placement.meeting_id: placement for placement in self.placements}

    def own_table_of(self) -> dict[str, int]:
        """Index the own tables by member."""
        return {own.member_id: own.table for own in self.own_tables}


@dataclass(frozen=True)
class AgendaVersion(Agenda):
    """A version as it was published."""

    version: int
    published: datetime


def agenda_of(event: AgendaPublished) -> Agenda:
    """Fold the event of an agenda: each is a whole version."""
    return parse(Agenda, event.model_dump())


def event_of(agenda: Agenda) -> AgendaPublished:
    """Write a version as the event that publishes it."""
    return AgendaPublished.model_validate(agenda, from_attributes=True)
