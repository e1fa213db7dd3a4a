"""Agendas as managers are answered: the newest version, earlier versions, and their differences."""

from services.events.agenda.state import Status
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


class OwnTable(Answer):
    """The table that a participant who asked for a fixed one has to itself, through every version."""

    member_id: str
    table: int


class Unmet(Answer):
    """A participant's need of a table of its own that the agenda could not meet, and why."""

    member_id: str
    reason: LocalizedText


class PublishedAgenda(Answer):
    """One version of an agenda."""

    event_id: str
    version: int
    placements: list[PlacedInRoom]
    unplaced: list[UnplacedMeeting]
    status: Status
    breaks: int
    bound: int
    input: str
    repaired: bool
    restores: int | None
    own_tables: list[OwnTable]
    unmet: list[Unmet]
    appointments: list[PlacedInRoom]
    appointed: list[str]


class AgendaAnswer(PublishedAgenda):
    """The newest version of an agenda.

    No schedule has fewer `breaks` than `bound`; `input` is a digest of what it was computed from. `appointments` are the meetings
    with a place of their own outside it; those `appointed` have left the version before for one.
    """

    id: str


class AgendaVersionAnswer(PublishedAgenda):
    """A version of an agenda, and when it was published."""

    published: Moment


class AgendaVersionInBrief(Answer):
    """A version of an agenda without its placements."""

    version: int
    published: Moment
    status: Status
    breaks: int
    bound: int
    repaired: bool
    restores: int | None
    placed: int
    unplaced: int


class MoveAnswer(Answer):
    """A meeting at its place before, and after."""

    meeting_id: str
    before: PlacedMeeting
    after: PlacedMeeting


class DifferencesAnswer(Answer):
    """What differs between two versions: in another slot, only at another table, only with other people; and for whom."""

    added: list[PlacedMeeting]
    removed: list[PlacedMeeting]
    moved: list[MoveAnswer]
    reseated: list[MoveAnswer]
    represented: list[MoveAnswer]
    members: list[str]
