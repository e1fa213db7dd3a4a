"""Appointments as they are asked for."""

from pydantic import Field

from services.events.meeting.schemas import Overridable
from shared.contracts.base import Id


class Appointment(Overridable):
    """In which slot, and at which table or whichever is free. `by` is the side that proposes it; without it a manager decides.

    `override_availability`: also in a slot in which a side is not available. `override_wishes`: also beyond the meetings that a
    side wants at most, and without the break it asked for.
    """

    by: Id | None = None
    slot: int = Field(ge=1, le=200)
    table: int | None = Field(default=None, ge=1, le=500)
