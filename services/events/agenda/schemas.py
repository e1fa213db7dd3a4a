"""Agendas as managers are answered: whole, their versions and what differs, their computation."""

from datetime import datetime
from typing import Literal

from services.events.schemas import Answer, PageOf, People, Room
from shared.contracts.base import LocalizedText
from shared.contracts.events import OwnTable, Unmet


class PlacedMeeting(Answer):
    """A meeting at its place. A group has `others` beside the first two."""

    meeting_id: str
    members: list[str]
    others: list[str]
    slot: int
    table: int
    people: People


class PlacedInRoom(PlacedMeeting):
    """The same, with the room of its table."""

    room: Room
    virtual: bool


class UnplacedMeeting(Answer):
    """An accepted meeting that has no place, and why."""

    meeting_id: str
    members: list[str]
    others: list[str]
    reason: LocalizedText


class PublishedAgenda(Answer):
    """One version of an agenda."""

    event_id: str
    version: int
    placements: list[PlacedInRoom]
    unplaced: list[UnplacedMeeting]
    status: Literal["optimal", "feasible"]
    breaks: int
    bound: int
    input: str
    repaired: bool
    restores: int | None
    own_tables: list[OwnTable]
    unmet: list[Unmet]
    appointments: list[PlacedInRoom]
    appointed: list[str]


class Agenda(PublishedAgenda):
    """The newest version of an agenda."""

    id: str


class AgendaVersion(PublishedAgenda):
    """A version of an agenda, and when it was published."""

    published: datetime


class AgendaVersionInBrief(Answer):
    """A version of an agenda without its placements."""

    version: int
    published: datetime
    status: Literal["optimal", "feasible"]
    breaks: int
    bound: int
    repaired: bool
    restores: int | None
    placed: int
    unplaced: int


class AgendaVersionsPage(PageOf[AgendaVersionInBrief]):
    """A page of versions; `next` is null on the last one."""


class Moved(Answer):
    """A meeting at its place before, and after."""

    meeting_id: str
    before: PlacedMeeting
    after: PlacedMeeting


class Differences(Answer):
    """What differs between two versions: in another slot, only at another table, only with other people; and for whom."""

    added: list[PlacedMeeting]
    removed: list[PlacedMeeting]
    moved: list[Moved]
    reseated: list[Moved]
    represented: list[Moved]
    members: list[str]
