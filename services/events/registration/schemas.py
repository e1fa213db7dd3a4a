"""Registrations as they are sent and answered."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.events.brokerage.state import BrokerageEvent
from services.events.registration.state import Attendance, Status, Wish
from shared.chassis.http.answers import Answer, Moment
from shared.contracts.base import Id, LocalizedText
from shared.contracts.events import Participation, Preference, Representative, SpokenLanguage

LONGEST_REGISTRATION = 160_000
"""Bytes of a registration as a body, with its 500 preferences."""


class CheckIn(BaseModel):
    """What a participant shows: the text that is in its QR picture, or the code alone."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(min_length=1, max_length=400)


class Availability(BaseModel):
    """The slots in which a participant cannot meet anybody, all of them."""

    model_config = ConfigDict(extra="forbid")
    unavailable: list[int] = Field(max_length=200)


class RegistrationRequest(BaseModel):
    """Who takes part, and how: slots in which it cannot meet anybody, representatives, limits, preferences, a table of its own.

    Without `attends` a member is on site, at a virtual event online. A representative has an id, the same at all events, and a role
    as label, never a person's name: what is registered is kept for ever. `min_break` counts idle slots between two meetings, and
    a `fixed_table` is one to stay at.
    """

    model_config = ConfigDict(extra="forbid")
    member_id: Id
    unavailable: list[int] = Field(default=[], max_length=200)
    representatives: list[Representative] = Field(default=[], max_length=20)
    attends: Literal["on-site", "virtual"] | None = None
    languages: list[SpokenLanguage] = Field(default=[], max_length=20)
    most_meetings: int | None = Field(default=None, ge=1, le=200)
    min_break: int = Field(default=0, ge=0, le=20)
    preferences: list[Preference] = Field(default=[], max_length=500)
    fixed_table: bool = False

    def participation(self, event_id: str, brokerage_event: BrokerageEvent) -> Participation:
        """Write it as domain events have it."""
        attends = self.attends or ("virtual" if brokerage_event.format == "virtual" else "on-site")
        return Participation(event_id=event_id, **{**self.model_dump(), "attends": attends})


class ParticipantAnswer(Answer):
    """A registration as everybody sees it who has a token.

    `version` is null but for the member itself and managers: it counts each change, also of what is not shown.
    """

    id: str
    version: int | None
    event_id: str
    member_id: str
    status: Status
    attends: Attendance
    languages: list[str]


class RepresentativeAnswer(Answer):
    """One of those who speak for a member."""

    id: str
    label: str | None


class PreferenceAnswer(Answer):
    """Whom a participant must meet, would meet, or does not want to meet."""

    member_id: str
    wish: Wish


class RegistrationAnswer(ParticipantAnswer):
    """A registration as the member itself and managers see it.

    `places` are the numbers it holds where the event has quotas, such as `all:17`; `since` is when it joined the waiting list,
    `expired_until` the last deadline at which requests of it expired.
    """

    unavailable: list[int]
    representatives: list[RepresentativeAnswer]
    most_meetings: int | None
    min_break: int
    preferences: list[PreferenceAnswer]
    fixed_table: bool
    places: list[str]
    since: Moment | None
    checked_in: bool
    checked_in_on: list[str]
    requests_expired: bool
    expired_until: Moment | None


class OverlapAnswer(Answer):
    """Another event that a participant is registered for, and the slots of this one in which it is available at both.

    Nobody is booked in both places at once; `same_person`: that somebody may be expected at both.
    """

    event_id: str
    title: LocalizedText
    venue: str
    slots: list[int]
    same_person: bool


class OverlapsAnswer(Answer):
    """The events at the same time; empty where there is nothing to warn of."""

    items: list[OverlapAnswer]


class CheckInCode(Answer):
    """What a participant shows at the desk: the code, and the text that is in its QR picture."""

    code: str
    text: str
