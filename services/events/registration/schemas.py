"""Registrations as they are answered."""

from datetime import datetime
from typing import Literal

from services.events.registration.rules.participation import Status
from services.events.schemas import PageOf
from shared.chassis.http.answers import Answer
from shared.contracts.events import Preference


class Participant(Answer):
    """A registration as everybody sees it who has a token."""

    id: str
    version: int
    event_id: str
    member_id: str
    status: Status
    attends: Literal["on-site", "virtual"]
    languages: list[str]


class NamedRepresentative(Answer):
    """One of those who speak for a member."""

    id: str
    label: str | None


class Registration(Participant):
    """A registration as the member itself and managers see it."""

    unavailable: list[int]
    representatives: list[NamedRepresentative]
    most_meetings: int | None
    min_break: int
    preferences: list[Preference]
    fixed_table: bool
    places: list[str]
    since: datetime | None
    checked_in: bool
    checked_in_on: list[str]
    requests_expired: bool
    expired_until: datetime | None
    turns: int


class RegistrationsPage(PageOf[Registration | Participant]):
    """A page of registrations, each as the caller may see it; `next` is null on the last one."""


class CheckInCode(Answer):
    """What a participant shows at the desk: the code, and the text that is in its QR picture."""

    code: str
    text: str
