"""What may be corrected of an announced brokerage event: what others rely on stays, and a refusal says what to do instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from services.events.errors import refused, refused_as
from shared.contracts.events import Occasion, Table

NOTIFIED: Final = frozenset({"title", "venue", "slots", "requests_until"})
"""Fields of which all participants are notified: where and when, and the deadline for requests."""


@dataclass(frozen=True)
class Occupancy:
    """The members registered or on standby when the command came, and how many are registered: in all, and of each kind."""

    members: tuple[str, ...] = ()
    places: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)


def check_correction(before: Occasion, after: Occasion, occupancy: Occupancy) -> None:
    """Raise Refusal, naming the field, where what must stay would change, or occupied places would go."""
    _check_unchanged(before, after)
    _check_slots(before, after)
    _check_tables(before, after)
    _check_places(after, occupancy)


def _check_unchanged(before: Occasion, after: Occasion) -> None:
    if set(after.districts) != set(before.districts):
        _must_stay("districts", "districts-stay")
    if set(after.modes) != set(before.modes):
        _must_stay("modes", "modes-stay")
    if after.format != before.format:
        _must_stay("format", "format-stays")
    if after.timezone != before.timezone:
        _must_stay("timezone", "timezone-stays")


def _check_slots(before: Occasion, after: Occasion) -> None:
    """Meetings are agreed for slots, and calendars have them: there may only be more at the end."""
    if len(after.slots) < len(before.slots):
        _must_stay("slots", "slots-stay", n=len(before.slots))
    for index, (old, new) in enumerate(zip(before.slots, after.slots, strict=False)):
        for name in ("session", "starts", "ends"):
            if getattr(old, name) != getattr(new, name):
                _must_stay(f"slots.{index}.{name}", "slot-stays", slot=old.number)


def _check_tables(before: Occasion, after: Occasion) -> None:
    """Of an existing table only the label changes: others are seated by what it is."""
    if after.tables < before.tables:
        _must_stay("tables", "tables-stay", n=before.tables)
    old, new = ({table.number: table for table in occasion.special_tables} for occasion in (before, after))
    fields = {table.number: f"special_tables.{index}" for index, table in enumerate(after.special_tables)}
    for number in range(1, before.tables + 1):
        old_properties, new_properties = _properties(old.get(number), before), _properties(new.get(number), after)
        for name, value in old_properties.items():
            if new_properties[name] != value:
                path = f"{fields[number]}.{name}" if number in fields else "special_tables"
                _must_stay(path, "table-stays", table=number)


def _properties(table: Table | None, occasion: Occasion) -> Mapping[str, str | int | None]:
    """Say what a table is. On site a virtual table is like any other, and may become one."""
    if table is None or (table.kind == "virtual" and occasion.format == "on-site"):
        return {"kind": "shared", "member_id": None, "seats": table.seats if table else None}
    return {"kind": table.kind, "member_id": table.member_id, "seats": table.seats}


def _check_places(after: Occasion, occupancy: Occupancy) -> None:
    if after.places is not None and after.places < occupancy.places:
        raise refused("places-taken", "places", registered=occupancy.places)
    for index, quota in enumerate(after.quotas):
        if quota.most < occupancy.kinds.get(quota.kind, 0):
            raise refused("places-taken", f"quotas.{index}.most", registered=occupancy.kinds[quota.kind])


def _must_stay(path: str, key: str, **params: int) -> NoReturn:
    raise refused_as("stays-as-announced", path, key, **params)
