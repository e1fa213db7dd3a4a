"""Agendas as managers are answered: whole, their versions and what differs, their computation."""

from typing import Literal

from services.events.schemas import People, Room
from shared.chassis.http.answers import Answer, Moment
from shared.contracts.base import LocalizedText


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


class OwnTableAnswer(Answer):
    """The table that a participant has to itself."""

    member_id: str
    table: int


class UnmetNeed(Answer):
    """A participant that needs a table of its own and has none, and why."""

    member_id: str
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
    own_tables: list[OwnTableAnswer]
    unmet: list[UnmetNeed]
    appointments: list[PlacedInRoom]
    appointed: list[str]


class AgendaAnswer(PublishedAgenda):
    """The newest version of an agenda."""

    id: str


class AgendaVersionAnswer(PublishedAgenda):
    """A version of an agenda, and when it was published."""

    published: Moment


class AgendaVersionInBrief(Answer):
    """A version of an agenda without its placements."""

    version: int
    published: Moment
    status: Literal["optimal", "feasible"]
    breaks: int
    bound: int
    repaired: bool
    restores: int | None
    placed: int
    unplaced: int


class MovedMeeting(Answer):
    """A meeting at its place before, and after."""

    meeting_id: str
    before: PlacedMeeting
    after: PlacedMeeting


class VersionDifferences(Answer):
    """What differs between two versions: in another slot, only at another table, only with other people; and for whom."""

    added: list[PlacedMeeting]
    removed: list[PlacedMeeting]
    moved: list[MovedMeeting]
    reseated: list[MovedMeeting]
    represented: list[MovedMeeting]
    members: list[str]
