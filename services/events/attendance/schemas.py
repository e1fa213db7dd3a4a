"""Attendance, outcomes and feedback as they are recorded."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.contracts.base import Id, day_alone
from shared.contracts.events import OutcomeKind
from shared.contracts.human_text import HumanText


class _Statement(BaseModel):
    """Which side states it; without `by` a manager states it, and decides."""

    model_config = ConfigDict(extra="forbid")
    by: Id | None = None


class Held(_Statement):
    """The meeting was held. Who of a group was absent; at least two were there."""

    absent: list[Id] = Field(default=[], max_length=20)


class Missing(_Statement):
    """The meeting was missed. Who was absent; where a side leaves it out, all the others. A manager names them."""

    absent: list[Id] | None = Field(default=None, min_length=1, max_length=20)


class Outcome(BaseModel):
    """What came of the meeting for one side. `value` is in whole euros, `on` the day it was agreed."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    outcome: OutcomeKind
    value: int | None = Field(default=None, ge=0, le=1_000_000_000_000)
    on: Annotated[date, BeforeValidator(day_alone)] | None = None


class Feedback(BaseModel):
    """How good the meeting was to one side, from 1 to 5. The other side does not see it."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    rating: int = Field(ge=1, le=5)
    text: Annotated[str, HumanText(1000, lines=True)] | None = None
