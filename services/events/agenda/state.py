"""An agenda: its newest version, which holds every placement."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.events.brokerage.rules.place_claims import place_claims
from shared.chassis.documents import parse
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import AgendaPublished

Status = Literal["optimal", "feasible"]


@dataclass(frozen=True)
class Placement:
    """A meeting in a slot at a table. A group has `others` beside the first two.

    `people` are who comes, in the order of the members: `member:representative`, or the member itself; empty where no member has
    several representatives.
    """

    meeting_id: str
    members: tuple[str, ...]
    slot: int
    table: int
    others: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """Everybody in the meeting: of a group, more than two."""
        return (*self.members, *self.others)

    @property
    def seated(self) -> tuple[str, ...]:
        """Who sits there: the members, unless representatives are named."""
        return self.people or self.sides


@dataclass(frozen=True)
class Unplaced:
    """An accepted meeting that the agenda has no place for, and why."""

    meeting_id: str
    members: tuple[str, ...]
    reason: LocalizedText
    others: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """Everybody in the meeting: of a group, more than two."""
        return (*self.members, *self.others)


@dataclass(frozen=True)
class OwnTable:
    """The table that a participant has to itself, through every version."""

    member_id: str
    table: int


@dataclass(frozen=True)
class Unmet:
    """A participant's need of a table of its own that the agenda could not meet, and why."""

    member_id: str
    reason: LocalizedText


@dataclass(frozen=True)
class Agenda:
    """One whole version. Its fields are those of AgendaPublished."""

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

    @property
    def own_table_of(self) -> dict[str, int]:
        """The tables that members have to themselves, by member."""
        return {own.member_id: own.table for own in self.own_tables}

    @property
    def input_digest(self) -> str:
        """The digest of the input this version stands for."""
        return digest_of_input(self.input)

    @classmethod
    def from_event(cls, event: AgendaPublished) -> "Agenda":
        """Make the state of a version as it was published."""
        return parse(cls, event.model_dump())


def digest_of_input(input: str) -> str:
    """Name what a version was computed from, or what was so when it was restored: the last part of its `input`."""
    return input.rpartition(":")[2]


def evolve(_state: Agenda | None, event: DomainEvent) -> Agenda:
    """Fold a domain event of an agenda: each is a whole version."""
    assert isinstance(event, AgendaPublished)
    return Agenda.from_event(event)


def claims(id: str, state: Agenda) -> Iterable[str]:
    """Claim each person and each table for each slot the newest version puts them in."""
    for placement in state.placements:
        yield from place_claims(id, placement.slot, placement.table, placement.seated)
