"""Agendas of participants, tables and rooms, as they are answered."""

from pydantic import ConfigDict, Field

from services.events.schemas import Labels, NamedMember, People, Room
from shared.chassis.http.answers import Answer, Moment
from shared.contracts.base import LocalizedText


class Partners(Answer):
    """A meeting as one of its sides sees it: with whom; of a group, with which others too."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)
    meeting_id: str
    partner: NamedMember = Field(alias="with")
    others: list[NamedMember]


class AtTable(Answer):
    """When and where a meeting is, and who comes."""

    slot: int
    starts: Moment
    ends: Moment
    table: int
    room: Room
    virtual: bool
    people: People
    labels: Labels


class OwnMeeting(Partners, AtTable):
    """A meeting of a participant at its place; an `appointment` is outside the agenda."""

    appointment: bool


class OwnUnplaced(Partners):
    """A meeting of a participant that has no place, and why."""

    reason: LocalizedText


class ParticipantAgenda(Answer):
    """The agenda of one participant, in order of time. `version` 0: there is none yet, only appointments."""

    event_id: str
    version: int
    title: LocalizedText
    venue: str
    timezone: str
    member: NamedMember
    meetings: list[OwnMeeting]
    unplaced: list[OwnUnplaced]


class MeetingAtTable(AtTable):
    """A meeting as it is seen from its table."""

    meeting_id: str
    members: list[NamedMember]


class TableAgenda(Answer):
    """Who sits at a table, in order of time."""

    event_id: str
    version: int
    table: int
    room: Room
    virtual: bool
    meetings: list[MeetingAtTable]


class RoomAgenda(Answer):
    """Who sits in a room, in order of time and table."""

    event_id: str
    version: int
    room: Room
    tables: list[int]
    meetings: list[MeetingAtTable]
