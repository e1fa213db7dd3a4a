"""What may be corrected of an announced brokerage event: what others rely on stays, and a refusal says what to do instead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from services.events.errors import refused
from shared.contracts.events import Occasion, Table

CONCERNS: Final = frozenset({"title", "venue", "slots", "requests_until"})
"""What all participants are told of: where and when, and how long they can ask and answer."""


@dataclass(frozen=True)
class Taken:
    """Who was registered or stood by when the command came, and how many were registered: in all, and of each kind."""

    members: tuple[str, ...] = ()
    places: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)


def check_correction(before: Occasion, wanted: Occasion, taken: Taken) -> None:
    """Raise Refusal, naming the field, where what is to stay would change, or places that are taken would go."""
    _check_same(before, wanted)
    _check_slots(before, wanted)
    _check_tables(before, wanted)
    _check_places(wanted, taken)


def _check_same(before: Occasion, wanted: Occasion) -> None:
    if set(wanted.districts) != set(before.districts):
        _stays(
            "districts",
            it="I distretti restano quelli dell'annuncio, i cui membri sono avvisati: per altri annunciare un altro evento.",
            en="The districts stay those of the announcement, whose members were told: for others announce another event.",
        )
    if set(wanted.modes) != set(before.modes):
        _stays(
            "modes",
            it="Le modalità restano quelle in cui si chiedono gli incontri: per altre annunciare un altro evento.",
            en="The modes stay those that meetings are asked for in: for others announce another event.",
        )
    if wanted.format != before.format:
        _stays(
            "format",
            it="Il formato resta quello per cui ci si è iscritti: per un altro chiudere l'evento e annunciarne uno nuovo.",
            en="The format stays the one that participants registered for: for another close the event and announce a new one.",
        )
    if wanted.timezone != before.timezone:
        _stays(
            "timezone",
            it="Il fuso orario resta, poiché gli orari sono già noti: per un altro chiudere l'evento e annunciarne uno nuovo.",
            en="The time zone stays, since times were told in it: for another close the event and announce a new one.",
        )


def _check_slots(before: Occasion, wanted: Occasion) -> None:
    """Meetings are agreed for slots, and calendars have them: there may only be more at the end."""
    if len(wanted.slots) < len(before.slots):
        _stays(
            "slots",
            it=f"I {len(before.slots)} slot annunciati restano: chi in uno non può incontrare nessuno lo dica nella disponibilità.",
            en=f"The {len(before.slots)} slots that were announced stay: who can meet nobody in one says so by its availability.",
        )
    for index, (old, new) in enumerate(zip(before.slots, wanted.slots, strict=False)):
        for name in ("session", "starts", "ends"):
            if getattr(old, name) != getattr(new, name):
                _stays(
                    f"slots.{index}.{name}",
                    it=f"Lo slot {old.number} resta com'è: aggiungerne in fondo, o chiudere l'evento e annunciarne uno nuovo.",
                    en=f"Slot {old.number} stays as announced: add some at the end, or close the event and announce a new one.",
                )


def _check_tables(before: Occasion, wanted: Occasion) -> None:
    """Of a table that is there only the label changes: others are seated by what it is."""
    if wanted.tables < before.tables:
        _stays(
            "tables",
            it=f"I {before.tables} tavoli annunciati restano: chiudere quelli che non si possono usare (closed-tables).",
            en=f"The {before.tables} tables that were announced stay: close those that cannot be used (closed-tables).",
        )
    old, new = ({table.number: table for table in one.special_tables} for one in (before, wanted))
    places = {table.number: f"special_tables.{index}" for index, table in enumerate(wanted.special_tables)}
    for number in range(1, before.tables + 1):
        was, becomes = _what(old.get(number), before), _what(new.get(number), wanted)
        for name, one in was.items():
            if becomes[name] != one:
                _stays(
                    f"{places[number]}.{name}" if number in places else "special_tables",
                    it=f"Il tavolo {number} resta quello annunciato, tranne l'etichetta: aggiungerne un altro, e chiudere questo.",
                    en=f"Table {number} stays what was announced but for its label: add another one, and close this one.",
                )


def _what(table: Table | None, occasion: Occasion) -> Mapping[str, Any]:
    """Say what a table is. On site a virtual one, which was accepted once, was always like any other, and may be called so."""
    if table is None or (table.kind == "virtual" and occasion.format == "on-site"):
        return {"kind": "shared", "member_id": None, "seats": table.seats if table else None}
    return {"kind": table.kind, "member_id": table.member_id, "seats": table.seats}


def _check_places(wanted: Occasion, taken: Taken) -> None:
    if wanted.places is not None and wanted.places < taken.places:
        _taken("places", taken.places)
    for index, quota in enumerate(wanted.quotas):
        if quota.most < taken.kinds.get(quota.kind, 0):
            _taken(f"quotas.{index}.most", taken.kinds[quota.kind])


def _stays(name: str, it: str, en: str) -> NoReturn:
    raise refused("stays-as-announced", name, it=it, en=en)


def _taken(name: str, number: int) -> NoReturn:
    it = f"Sono già iscritti in {number}: indicare almeno {number}, o ritirare prima qualche iscrizione."
    en = f"{number} are registered already: give {number} at least, or withdraw registrations first."
    raise refused("places-taken", name, it=it, en=en)
