"""Where a calendar is, as it is answered."""

from typing import Literal

from shared.chassis.http.answers import Answer, Moment


class CalendarPath(Answer):
    """The path of a calendar, shown this once."""

    event_id: str
    member_id: str
    path: str


class AddressAct(Answer):
    """Who gave an address out or revoked it, and when."""

    act: Literal["opened", "revoked"]
    by: str
    at: Moment


class CalendarAddress(Answer):
    """Since when a calendar has an address, and its last acts, oldest first."""

    event_id: str
    member_id: str
    opened: Moment
    revoked: Moment | None
    acts: list[AddressAct]
