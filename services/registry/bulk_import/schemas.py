"""The lines of the bulk import, and their results."""

from typing import Literal

from pydantic import Field

from services.registry.contact.schemas import ContactDetails
from services.registry.member.rules import MOST_NEEDS, MOST_OFFERS
from services.registry.member.schemas import Application
from shared.chassis.http.answers import Answer
from shared.chassis.http.field_problems import FieldProblem
from shared.contracts.registry import Need, Offer


class ImportLine(Application):
    """A line of the bulk import: a member with its offers, needs and contact."""

    offers: list[Offer] = Field(default=[], max_length=MOST_OFFERS)
    needs: list[Need] = Field(default=[], max_length=MOST_NEEDS)
    contact: ContactDetails | None = None


class ImportedLine(Answer):
    """A line whose member was created, or exists by one of its identifiers."""

    line: int
    status: Literal["created", "exists"]
    id: str


class RejectedLine(Answer):
    """A line that is wrong (`invalid`), or could not be imported now (`failed`); the first errors, and how many more."""

    line: int
    status: Literal["invalid", "failed"]
    errors: list[FieldProblem]
    more_errors: int


class ImportSummary(Answer):
    """The last line of a whole import: how many lines had a result, and which."""

    status: Literal["complete"]
    lines: int
    created: int
    exists: int
    invalid: int
    failed: int
