"""What agendas are drafted from, without a store: registrations and meetings as they would be read from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.events.agenda.state import Agenda, Placement
from services.events.computation.scheduling_input import Gathered
from services.events.registration import state as registration_state
from services.events.registration.state import Registration
from shared.chassis.writes.aggregate import Stored
from shared.contracts.events import ParticipantRegistered, Representative
from tests.events.factories import MORNING, event_state, stored_event

Document = dict[str, Any]


def registered(member: str, representatives: Iterable[str] = (), **changes: Any) -> Stored[Registration]:
    """A registration, with these representatives."""
    own = {name: changes.pop(name) for name in ("status", "checked_in", "checked_in_on") if name in changes}
    named = tuple(Representative(id=one) for one in representatives)
    told = ParticipantRegistered(event_id="e", member_id=member, representatives=named, **changes)
    return Stored(f"r-{member}", 1, replace(registration_state.evolve(None, told), **own), 1, MORNING)


def agreed(id: str, members: Sequence[str], **changes: Any) -> Document:
    """An accepted meeting of these members."""
    by, towards, *others = members
    state = {
        "event_id": "e",
        "status": "accepted",
        "by": by,
        "towards": towards,
        "others": others,
        "people": [],
        "appointment": None,
        "attendance": None,
    }
    return {"_id": id, "version": 1, "state": {**state, **changes}}


def appointed(slot: int, table: int, people: Sequence[str]) -> Document:
    """A place outside the agenda."""
    return {"slot": slot, "table": table, "people": list(people)}


def gathered(
    meetings: Sequence[Document],
    registrations: Sequence[Stored[Registration]],
    away: Mapping[str, frozenset[int]] | None = None,
    **event: Any,
) -> Gathered:
    """An event with these meetings, and whoever takes part; `away` did not come on a day that has these slots."""
    return Gathered(stored_event(event_state(**event), "e"), list(meetings), list(registrations), away or {})


def newest(placed: Mapping[str, tuple[Sequence[str], int, int]], people: Mapping[str, Sequence[str]] | None = None) -> Agenda:
    """An agenda with these meetings: members, slot, table; and who sits there where that is not they."""
    placements = tuple(
        Placement(id, tuple(members[:2]), slot, table, tuple(members[2:]), tuple((people or {}).get(id, ())))
        for id, (members, slot, table) in placed.items()
    )
    return Agenda("e", placements, (), "optimal", 0, 0, "i", False, None, (), (), (), ())
