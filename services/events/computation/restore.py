"""Restoring an earlier version of an agenda, where it still fits the present state. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.events.agenda.rules.publication import input_of
from services.events.agenda.state import Agenda, AgendaVersion, Placement
from services.events.computation.problem_builder import appointments_of, digest_of
from services.events.computation.scheduling_input import Gathered
from services.events.meeting.rules.representatives import people_of
from services.events.meeting.state import sides
from services.events.texts import TEXTS
from shared.chassis.errors import Refusal
from shared.chassis.texts import text
from shared.contracts import events as contracts

LATER = text("not-in-this-version")


def restored(
    gathered: Gathered, names: Mapping[str, str], newest: Agenda, version: AgendaVersion, next_slot: int
) -> contracts.AgendaPublished:
    """Write an earlier version as a new one.

    Raises Refusal where a meeting is no longer agreed on or has become an appointment, a member is absent, unavailable, sends
    other people or wants fewer meetings, a table is closed, or what has begun (before `next_slot`) would change.
    """
    if _begun(version, next_slot) != _begun(newest, next_slot):
        raise _refused("restore-begun")
    check = _Check(gathered, names, next_slot)
    for placement in version.placements:
        check.placement(placement)
    check.limits(version.placements)
    reasons = {unplaced.meeting_id: unplaced.reason for unplaced in version.unplaced}
    placed = version.by_meeting()
    digest = digest_of(gathered)
    proven = input_of(version.input) == digest
    return contracts.AgendaPublished(
        event_id=gathered.event.id,
        placements=tuple(contracts.Placement.model_validate(item, from_attributes=True) for item in version.placements),
        unplaced=tuple(
            contracts.Unplaced(
                meeting_id=id,
                members=(members[0], members[1]),
                others=members[2:],
                reason=reasons.get(id) or TEXTS.localized(LATER),
            )
            for id, members in sorted(check.agreed.items())
            if id not in placed
        ),
        status=version.status if proven else "feasible",
        breaks=version.breaks,
        bound=version.bound if proven else 0,
        input=f"restored:{version.version}:{digest}",
        restores=version.version,
        own_tables=tuple(contracts.OwnTable.model_validate(item, from_attributes=True) for item in version.own_tables),
        unmet=tuple(contracts.Unmet.model_validate(item, from_attributes=True) for item in version.unmet),
        appointments=appointments_of(gathered, next_slot),
    )


class _Check:
    """Checks the placements of an earlier version against the present state."""

    def __init__(self, gathered: Gathered, names: Mapping[str, str], next_slot: int) -> None:
        registrations = [registration.state for registration in gathered.registrations]
        meetings = {meeting["_id"]: meeting["state"] for meeting in gathered.meetings}
        self.agreed = {id: sides(meeting) for id, meeting in meetings.items() if meeting["appointment"] is None}
        self._appointments = {id: sides(meeting) for id, meeting in meetings.items() if meeting["appointment"] is not None}
        self._present = {
            registration.member_id: registration for registration in registrations if registration.status == "registered"
        }
        self._away = gathered.away
        self._closed = gathered.event.state.closed_tables
        self._names = names
        self._next_slot = next_slot

    def placement(self, placement: Placement) -> None:
        """Raise Refusal unless the meeting can still take its place; one that has begun is not checked."""
        slot = placement.slot
        if slot < self._next_slot:
            return
        if placement.meeting_id in self._appointments:
            raise _refused("restore-appointment", slot=slot)
        if placement.meeting_id not in self.agreed:
            raise _refused("restore-not-agreed", slot=slot)
        members = self.agreed[placement.meeting_id]
        for member in members:
            name = self._names.get(member, member)
            if member not in self._present or slot in {*self._present[member].unavailable, *self._away.get(member, ())}:
                raise _refused("restore-absent", name=name, slot=slot)
            if not set(people_of(self._present[member])) & set(placement.people or members):
                raise _refused("restore-other-people", name=name, slot=slot)
        if placement.table in self._closed:
            raise _refused("restore-table-closed", table=placement.table)

    def limits(self, placements: Sequence[Placement]) -> None:
        """Raise Refusal where a member would have more meetings than it wants by now, its appointments among them."""
        scheduled = [placement.sides for placement in placements if placement.meeting_id in self.agreed]
        counts = Counter(member for members in (*scheduled, *self._appointments.values()) for member in members)
        for member, registration in self._present.items():
            most = registration.most_meetings
            if most is not None and counts[member] > most:
                raise _refused("restore-limit", name=self._names.get(member, member), n=most)


def _begun(agenda: Agenda, next_slot: int) -> set[tuple[str, int, int]]:
    return {
        (placement.meeting_id, placement.slot, placement.table) for placement in agenda.placements if placement.slot < next_slot
    }


def _refused(key: str, **params: Any) -> Refusal:
    return Refusal("version-does-not-fit", why=text(key, **params))
