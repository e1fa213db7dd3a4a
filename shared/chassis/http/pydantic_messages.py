"""What is wrong with a field, by the catalogue: Pydantic speaks English alone, and to programmers."""

from collections.abc import Mapping
from typing import Any

from shared.chassis.texts import Message, text

OWN = frozenset(
    [
        "blank",
        "control_character",
        "normalised_too_long",
        "year_out_of_range",
        "address_letters",
        "address_at",
        "address_local",
        "address_domain",
    ]
)
"""The types of errors that the types of our contracts raise."""
TRANSLATED = OWN | frozenset(
    [
        "missing",
        "extra_forbidden",
        "none_required",
        "json_invalid",
        "string_type",
        "string_unicode",
        "string_too_short",
        "string_too_long",
        "string_pattern_mismatch",
        "too_short",
        "too_long",
        "int_type",
        "int_parsing",
        "int_parsing_size",
        "int_from_float",
        "float_type",
        "float_parsing",
        "finite_number",
        "bool_type",
        "bool_parsing",
        "greater_than",
        "greater_than_equal",
        "less_than",
        "less_than_equal",
        "literal_error",
        "enum",
        "tuple_type",
        "list_type",
        "dict_type",
        "model_type",
        "model_attributes_type",
        "datetime_type",
        "datetime_parsing",
        "datetime_from_date_parsing",
        "timezone_aware",
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
    ]
)
"""The types of errors that the catalogue has a phrase for, with what their context names."""


def pydantic_message(error: Mapping[str, Any]) -> Message:
    """The text of a Pydantic error; never its own words."""
    if error["type"] not in TRANSLATED:
        return text("pydantic-string-pattern-mismatch")
    context = dict(error.get("ctx", {}))
    if "expected" in context:
        context["expected"] = context["expected"].replace("' or '", "', '")
    return Message(f"pydantic-{error['type'].replace('_', '-')}", context)
