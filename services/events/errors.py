"""Refusals that several rules raise."""

from typing import Any

from shared.chassis.errors import FieldError, Invalid, Refusal
from shared.chassis.errors import invalid as invalid_field
from shared.chassis.texts import text


def invalid(field: str, rule: str, key: str, /, **params: Any) -> Invalid:
    """Refuse one field of a command; `key` names the text that says what is allowed."""
    return invalid_field(field, rule, key, **params)


def refused(code: str, field: str, /, **params: Any) -> Refusal:
    """Refuse a well-formed command because of the present state, in the words of the key `code`; `field` is what it is about."""
    message = text(code, **params)
    return Refusal(code, FieldError(field, code, message), message=message)


def refused_as(code: str, field: str, key: str, /, **params: Any) -> Refusal:
    """Refuse a command like `refused`, in the words of another key: the same refusal for several reasons."""
    message = text(key, **params)
    return Refusal(code, FieldError(field, code, message), message=message)
