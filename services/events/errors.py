"""Refusals that several rules raise."""

from typing import Any

from shared.chassis.errors import FieldError, Refusal
from shared.chassis.texts import text


def refused(code: str, field: str, /, **params: Any) -> Refusal:
    """Refuse a well-formed command because of the present state, in the words of the key `code`; `field` is what it is about."""
    return refused_as(code, field, code, **params)


def refused_as(code: str, field: str, key: str, /, **params: Any) -> Refusal:
    """Refuse a command like `refused`, in the words of another key: the same refusal for several reasons."""
    message = text(key, **params)
    return Refusal(code, FieldError(field, code, message), message=message)
