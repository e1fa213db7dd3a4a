"""What Pydantic says of wrong fields, in Italian: it speaks English alone."""

from collections.abc import Mapping
from typing import Any

PHRASES: Mapping[str, str] = {
    "missing": "campo obbligatorio",
    "extra_forbidden": "campo sconosciuto",
    "none_required": "deve essere null",
    "json_invalid": "non è JSON valido: {error}",
    "string_type": "deve essere un testo",
    "string_too_short": "almeno {min_length} caratteri",
    "string_too_long": "al massimo {max_length} caratteri",
    "string_pattern_mismatch": "deve corrispondere a '{pattern}'",
    "too_short": "almeno {min_length} elementi, non {actual_length}",
    "too_long": "al massimo {max_length} elementi, non {actual_length}",
    "int_type": "deve essere un numero intero",
    "int_parsing": "deve essere un numero intero",
    "int_from_float": "deve essere un numero intero, senza decimali",
    "float_type": "deve essere un numero",
    "float_parsing": "deve essere un numero",
    "finite_number": "deve essere un numero finito",
    "bool_type": "deve essere true o false",
    "bool_parsing": "deve essere true o false",
    "greater_than": "deve essere maggiore di {gt}",
    "greater_than_equal": "deve essere almeno {ge}",
    "less_than": "deve essere minore di {lt}",
    "less_than_equal": "deve essere al massimo {le}",
    "literal_error": "valori ammessi: {expected}",
    "enum": "valori ammessi: {expected}",
    "tuple_type": "deve essere una lista",
    "list_type": "deve essere una lista",
    "dict_type": "deve essere un oggetto",
    "model_type": "deve essere un oggetto",
    "model_attributes_type": "deve essere un oggetto",
    "datetime_type": "deve essere una data con ora (RFC 3339)",
    "datetime_parsing": "deve essere una data con ora (RFC 3339)",
    "datetime_from_date_parsing": "deve essere una data con ora (RFC 3339)",
    "timezone_aware": "serve il fuso orario, per esempio +01:00 o Z",
    "date_type": "deve essere una data (AAAA-MM-GG)",
    "date_parsing": "deve essere una data (AAAA-MM-GG)",
    "date_from_datetime_parsing": "deve essere una data (AAAA-MM-GG)",
}
"""Phrases by the type of an error, with what its context names."""


def said_in_italian(error: Mapping[str, Any]) -> str:
    """Say one error of Pydantic in Italian, in its own English where there is no phrase for it."""
    phrase = PHRASES.get(error["type"])
    return phrase.format(**error.get("ctx", {})) if phrase else str(error["msg"])
