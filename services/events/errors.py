"""Refusals that more than one rule needs."""

from shared.chassis.errors import FieldError, Invalid, Refusal


def invalid(field: str, rule: str, it: str, en: str) -> Invalid:
    """Refuse one field of a command."""
    return Invalid("invalid", it=f"{field}: {it}", en=f"{field}: {en}", errors=(FieldError(field, rule, en, it),))


def refused(code: str, field: str, it: str, en: str) -> Refusal:
    """Refuse a well-formed command because of what is so now; `field` names what it is about."""
    return Refusal(code, it=it, en=en, errors=(FieldError(field, code, en, it),))
