"""Addresses of mail."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from shared.contracts.human_text import stripped

LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?")

LONGEST = 254
"""Characters: SMTP takes no longer one (RFC 5321, 4.5.3.1.3, a path without its brackets)."""


def _trimmed(value: Any) -> Any:
    return stripped(value) if isinstance(value, str) else value


def _address(value: str) -> str:
    """Check RFC 5321's mailbox without quoted names, IP addresses and letters outside ASCII: what a mail can be written to."""
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise PydanticCustomError("address_letters", "an address has no blanks, controls or letters outside ASCII")
    local, at, domain = value.rpartition("@")
    if not at or "@" in local:
        raise PydanticCustomError("address_at", "an address has one @")
    if len(local) > 64 or not all(LOCAL.fullmatch(part) for part in local.split(".")):
        raise PydanticCustomError("address_local", "not a name before the @")
    labels = domain.split(".")
    if not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise PydanticCustomError("address_domain", "not a domain after the @")
    return value


EmailAddress = Annotated[str, BeforeValidator(_trimmed), Field(min_length=3, max_length=LONGEST), AfterValidator(_address)]
