"""What must be right about a brokerage event before it is drafted or announced."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from services.events.brokerage.rules.distinct import check_distinct
from services.events.brokerage.rules.languages import check_languages
from services.events.errors import refused, refused_as
from shared.chassis.errors import invalid
from shared.contracts.events import Occasion, Slot, Table

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_SLOT = timedelta(hours=12)
LONGEST_EVENT = timedelta(days=366)


def check_occasion(occasion: Occasion) -> None:
    """Raise Invalid, naming the field, where modes, languages, slots, tables or quotas make no sense."""
    check_distinct("modes", "", occasion.modes)
    check_languages(occasion.languages)
    check_distinct("quotas", ".kind", [quota.kind for quota in occasion.quotas])
    _check_slots(occasion.slots)
    _check_deadline(occasion)
    _check_tables(occasion.special_tables, occasion.tables)
    _check_virtual(occasion)


def check_to_come(occasion: Occasion, now: datetime, before: Occasion | None = None) -> None:
    """Raise Refusal, naming the field, where all slots have begun or the deadline for requests has passed: nobody could use it.

    What `before` had already may stay.
    """
    if occasion.slots[-1].starts <= now and (before is None or occasion.slots != before.slots):
        raise refused("slots-begun", "slots")
    until = occasion.requests_until
    if until is not None and until <= now and (before is None or until != before.requests_until):
        raise refused_as("requests-over", "requests_until", "deadline-passed")


def _check_slots(slots: Sequence[Slot]) -> None:
    """Slots are numbered from 1 without holes, in the order of time, end after they start and before the next, and are of one
    event: one that is years after another has a wrong year."""
    for index, slot in enumerate(slots):
        for name, moment in (("starts", slot.starts), ("ends", slot.ends)):
            _check_year(f"slots.{index}.{name}", moment)
        if slot.number != index + 1:
            raise invalid(f"slots.{index}.number", "consecutive", "field-consecutive", number=index + 1)
        if slot.ends <= slot.starts:
            raise invalid(f"slots.{index}.ends", "after-start", "field-after-start")
        if slot.ends - slot.starts > LONGEST_SLOT:
            raise invalid(f"slots.{index}.ends", "slot-length", "field-slot-length", hours=LONGEST_SLOT // timedelta(hours=1))
    for before, after in pairwise(slots):
        if after.starts < before.ends:
            raise invalid(f"slots.{after.number - 1}.starts", "overlap", "field-overlap", slot=before.number)
        if after.ends - slots[0].starts > LONGEST_EVENT:
            raise invalid(f"slots.{after.number - 1}.ends", "event-length", "field-event-length", days=LONGEST_EVENT.days)


def _check_deadline(occasion: Occasion) -> None:
    """Requests may be answered on the day too, but not when it is over."""
    until = occasion.requests_until
    if until is None:
        return
    _check_year("requests_until", until)
    if until > occasion.slots[-1].ends:
        raise invalid("requests_until", "last-slot", "field-last-slot")


def _check_year(field: str, moment: datetime) -> None:
    """A year such as 9999 is a typing error, and no calendar or time zone can be written around it."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise invalid(field, "year", "field-year", first=FIRST_YEAR, last=LAST_YEAR)


def _check_tables(special: Sequence[Table], tables: int) -> None:
    """Special tables are among the tables, each once; just the fixed ones have a member, none two."""
    check_distinct("special_tables", ".number", [table.number for table in special])
    check_distinct("special_tables", ".member_id", [table.member_id or table.number for table in special])
    for index, table in enumerate(special):
        if table.number > tables:
            raise invalid(f"special_tables.{index}.number", "table", "field-tables", last=tables)
        if (table.kind == "fixed") != (table.member_id is not None):
            raise invalid(f"special_tables.{index}.member_id", "fixed", "field-fixed-table")


def _check_virtual(occasion: Occasion) -> None:
    """A hybrid event needs virtual tables, for online participants alone, and others, for meetings on site.

    On site there is no virtual table; at a virtual event every table is one, whatever its kind.
    """
    virtual = [index for index, table in enumerate(occasion.special_tables) if table.kind == "virtual"]
    if occasion.format == "on-site" and virtual:
        raise invalid(f"special_tables.{virtual[0]}.kind", "format", "field-no-virtual-tables")
    if occasion.format == "hybrid" and not virtual:
        raise invalid("special_tables", "virtual", "field-needs-virtual-table")
    if occasion.format == "hybrid" and len(virtual) == occasion.tables:
        raise invalid("special_tables", "on-site", "field-needs-on-site-table")
