"""Refusals that more than one rule needs."""

from typing import Any

from shared.chassis.errors import FieldError, Invalid, Refusal
from shared.chassis.texts import text


def invalid(field: str, rule: str, it: str, en: str) -> Invalid:
    """Refuse one field of a command."""
    return Invalid("invalid", it=f"{field}: {it}", en=f"{field}: {en}", errors=(FieldError(field, rule, en, it),))


def refused(code: str, field: str, it: str = "", en: str = "", **params: Any) -> Refusal:
    """Refuse a well-formed command because of the present state; `field` names what it is about."""
    if it:  # until all texts of this service are in its catalogue
        return Refusal(code, it=it, en=en, errors=(FieldError(field, code, en, it),))
    message = text(code, **params)
    return Refusal(code, FieldError(field, code, message), message=message)
