"""What must be right about a brokerage event before it is drafted or announced."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from services.events.errors import invalid, refused
from shared.contracts.events import Occasion, Slot, Table

FIRST_YEAR, LAST_YEAR = 2000, 2100


def check_occasion(occasion: Occasion) -> None:
    """Raise Invalid, naming the field, where modes, slots, tables or quotas make no sense."""
    _check_distinct("modes", "", occasion.modes)
    _check_distinct("languages", "", occasion.languages)
    _check_distinct("quotas", ".kind", [quota.kind for quota in occasion.quotas])
    _check_slots(occasion.slots)
    _check_deadline(occasion)
    _check_tables(occasion.special_tables, occasion.tables)
    _check_virtual(occasion)


def check_to_come(occasion: Occasion, now: datetime, before: Occasion | None = None) -> None:
    """Raise Refusal, naming the field, where all slots have begun or the time for requests is over: nobody could use it.

    What was so `before` may stay.
    """
    if occasion.slots[-1].starts <= now and (before is None or occasion.slots != before.slots):
        it = "Tutti gli slot sono già cominciati: correggere le date."
        raise refused("slots-begun", "slots", it=it, en="All slots have begun already: correct the dates.")
    until = occasion.requests_until
    if until is not None and until <= now and (before is None or until != before.requests_until):
        it = "Il termine per gli incontri è già passato: indicarne uno a venire, o nessuno."
        en = "The time for asking and answering is over already: give a later one, or none."
        raise refused("requests-over", "requests_until", it=it, en=en)


def _check_distinct(field: str, part: str, values: Iterable[Hashable]) -> None:
    seen: set[Hashable] = set()
    for number, value in enumerate(values):
        if value in seen:
            raise invalid(f"{field}.{number}{part}", "unique", it=f"{value} compare due volte", en=f"{value} occurs twice")
        seen.add(value)


def _check_slots(slots: Sequence[Slot]) -> None:
    """Slots are numbered from 1 without holes, in the order of time, and end after they start and before the next."""
    for index, slot in enumerate(slots):
        for name, moment in (("starts", slot.starts), ("ends", slot.ends)):
            _check_year(f"slots.{index}.{name}", moment)
        if slot.number != index + 1:
            wanted = index + 1
            raise invalid(
                f"slots.{index}.number", "consecutive", it=f"dev'essere {wanted}", en=f"must be {wanted}: numbers run from 1"
            )
        if slot.ends <= slot.starts:
            raise invalid(f"slots.{index}.ends", "after-start", it="dev'essere dopo l'inizio", en="must be after the start")
    for before, after in pairwise(slots):
        if after.starts < before.ends:
            field = f"slots.{after.number - 1}.starts"
            en = f"must not be before slot {before.number} ends"
            raise invalid(field, "overlap", it=f"non dev'essere prima della fine dello slot {before.number}", en=en)


def _check_deadline(occasion: Occasion) -> None:
    """Requests may be answered on the day too, but not when it is over."""
    until = occasion.requests_until
    if until is None:
        return
    _check_year("requests_until", until)
    if until > occasion.slots[-1].ends:
        it = "non dev'essere dopo la fine dell'ultimo slot"
        raise invalid("requests_until", "last-slot", it=it, en="must not be after the end of the last slot")


def _check_year(field: str, moment: datetime) -> None:
    """A year such as 9999 is a slip of the pen, and no calendar or time zone can be written around it."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        en = f"the year must be from {FIRST_YEAR} to {LAST_YEAR}"
        raise invalid(field, "year", it=f"l'anno dev'essere dal {FIRST_YEAR} al {LAST_YEAR}", en=en)


def _check_tables(special: Sequence[Table], tables: int) -> None:
    """Special tables are among the tables, each once; just the fixed ones have a member, none two."""
    _check_distinct("special_tables", ".number", [table.number for table in special])
    _check_distinct("special_tables", ".member_id", [table.member_id or table.number for table in special])
    for index, table in enumerate(special):
        if table.number > tables:
            field = f"special_tables.{index}.number"
            raise invalid(field, "table", it=f"i tavoli vanno da 1 a {tables}", en=f"tables run from 1 to {tables}")
        if (table.kind == "fixed") != (table.member_id is not None):
            field = f"special_tables.{index}.member_id"
            raise invalid(field, "fixed", it="va dato ai soli tavoli fissi", en="is for fixed tables, and they need it")


def _check_virtual(occasion: Occasion) -> None:
    """At a hybrid event who attends from afar is met at virtual tables alone, all others at none of them: it needs both.

    On site there is none, and at a virtual event every table is one, whether it is called so or not.
    """
    virtual = [index for index, table in enumerate(occasion.special_tables) if table.kind == "virtual"]
    if occasion.format == "on-site" and virtual:
        field = f"special_tables.{virtual[0]}.kind"
        it = "un evento in presenza non ha tavoli virtuali: toglierlo, o farne un evento ibrido"
        raise invalid(field, "format", it=it, en="an on-site event has no virtual tables: leave it out, or make it a hybrid event")
    if occasion.format == "hybrid" and not virtual:
        it = "un evento ibrido ha bisogno di un tavolo virtuale almeno, per chi partecipa a distanza"
        en = "a hybrid event needs one virtual table at least, for those who attend from afar"
        raise invalid("special_tables", "virtual", it=it, en=en)
    if occasion.format == "hybrid" and len(virtual) == occasion.tables:
        it = "un evento ibrido ha bisogno di un tavolo non virtuale almeno, per chi partecipa in presenza"
        en = "a hybrid event needs one table at least that is not virtual, for those who attend on site"
        raise invalid("special_tables", "on-site", it=it, en=en)
