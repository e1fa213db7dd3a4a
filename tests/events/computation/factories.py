"""What agendas are drafted from, without a store: registrations and meetings as they would be read from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.events.agenda.state import Agenda
from services.events.computation.scheduling_input import SchedulingInput
from services.events.meeting.state import Appointment, Attendance, Meeting
from services.events.registration import state as registration_state
from services.events.registration.state import Registration
from shared.chassis.writes.aggregate import Stored
from shared.contracts.events import AgendaPublished, MeetingRequested, ParticipantRegistered, Placement, Representative
from tests.events.factories import event_state, stored


def registered(member: str, representatives: Iterable[str] = (), **changes: Any) -> Stored[Registration]:
    """A registration, with these representatives."""
    own = {name: changes.pop(name) for name in ("status", "checked_in", "checked_in_on") if name in changes}
    named = tuple(Representative(id=representative) for representative in representatives)
    registration = ParticipantRegistered(event_id="e", member_id=member, representatives=named, **changes)
    return stored(f"r-{member}", replace(registration_state.evolve(None, registration), **own))


def agreed(
    id: str,
    members: Sequence[str],
    appointment: Appointment | None = None,
    attendance: Attendance | None = None,
    people: Sequence[str] = (),
) -> Stored[Meeting]:
    """An accepted meeting of these members."""
    by, towards, *other_members = members
    requested = MeetingRequested(
        event_id="e", mode="b2b", by=by, towards=towards, others=tuple(other_members), people=tuple(people)
    )
    state = Meeting.requested(requested, None)
    return stored(id, replace(state, status="accepted", appointment=appointment, attendance=attendance))


def appointed(slot: int, table: int, people: Sequence[str]) -> Appointment:
    """An appointment of these people, outside the agenda."""
    return Appointment(slot, table, tuple(people), ())


def scheduling_input(
    meetings: Sequence[Stored[Meeting]],
    registrations: Sequence[Stored[Registration]],
    no_shows: Mapping[str, frozenset[int]] | None = None,
    **event: Any,
) -> SchedulingInput:
    """An event with these meetings and registrations; no-shows with the slots of the day."""
    return SchedulingInput(stored("e", event_state(**event)), list(meetings), list(registrations), no_shows or {})


def newest(placed: Mapping[str, tuple[Sequence[str], int, int]], people: Mapping[str, Sequence[str]] | None = None) -> Agenda:
    """The state of an agenda with these meetings: members, slot, table; people where members send representatives."""
    placements = tuple(
        Placement(
            meeting_id=id,
            members=(members[0], members[1]),
            others=tuple(members[2:]),
            slot=slot,
            table=table,
            people=tuple((people or {}).get(id, ())),
        )
        for id, (members, slot, table) in placed.items()
    )
    published = AgendaPublished(event_id="e", placements=placements, status="optimal", breaks=0, bound=0, input="i")
    return Agenda.from_event(published)
