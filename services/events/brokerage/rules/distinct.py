"""What may occur only once in a list."""

from collections.abc import Hashable, Iterable

from shared.chassis.errors import invalid


def check_distinct(field: str, part: str, values: Iterable[Hashable]) -> None:
    """Raise Invalid, naming the `part` of the item, for a value that occurs twice."""
    seen: set[Hashable] = set()
    for number, value in enumerate(values):
        if value in seen:
            raise invalid(f"{field}.{number}{part}", "unique", "field-twice", value=value)
        seen.add(value)
