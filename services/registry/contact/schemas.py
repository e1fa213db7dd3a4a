"""Contacts as they are sent and answered."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.registry.contact.addresses import EmailAddress
from shared.chassis.http.answers import Answer
from shared.chassis.http.replacements import Replacement
from shared.contracts.base import Language
from shared.contracts.human_text import HumanText


class ContactDetails(BaseModel):
    """Whom to write to, and in which language."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, HumanText(200)]
    email: EmailAddress
    language: Language = "it"


class ContactReplacement(Replacement, ContactDetails):
    """A contact in place of the one before: every field is given."""


class ContactAnswer(Answer):
    """Whom to write to."""

    member_id: str
    name: str
    email: str
    language: Language


class RecordedContact(ContactAnswer):
    """A contact with its id and version."""

    id: str
    version: int
