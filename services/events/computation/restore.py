"""Publishing an earlier version of an agenda as a new one, where it still fits. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from services.events.agenda.state import Agenda, Placement
from services.events.computation.agenda_writer import published_appointments, unplaced
from services.events.computation.problem_builder import digest_of
from services.events.computation.scheduling_input import SchedulingInput
from services.events.registration.rules.people import people_of
from services.events.texts import TEXTS
from shared.chassis.errors import Refusal
from shared.chassis.texts import text
from shared.contracts.events import AgendaPublished


def restored_version(
    scheduling_input: SchedulingInput,
    names: Mapping[str, str],
    newest: Agenda,
    old: Agenda,
    version: int,
    next_slot: int,
) -> AgendaPublished:
    """Write an earlier version as a new one.

    Raises Refusal where a meeting is no longer accepted or has become an appointment, somebody is absent, unavailable, sends
    other people or wants fewer meetings, a table is closed, or what has begun (before `next_slot`) would change.
    """
    fit = _Fit(scheduling_input, names, next_slot)
    if _begun(old, next_slot) != _begun(newest, next_slot):
        raise _unfit("unfit-begun")
    for placement in old.placements:
        fit.check(placement)
    fit.check_most_meetings(old.placements)
    reasons = {meeting.meeting_id: meeting.reason for meeting in old.unplaced}
    placed = {placement.meeting_id for placement in old.placements}
    added_later = TEXTS.localized(text("not-in-version"))
    digest = digest_of(scheduling_input)
    proven = old.input_digest == digest
    restored = {
        "event_id": scheduling_input.brokerage_event.id,
        "placements": old.placements,
        "unplaced": tuple(
            unplaced(id, sides, reasons.get(id, added_later)) for id, sides in sorted(fit.to_place.items()) if id not in placed
        ),
        "status": old.status if proven else "feasible",
        "breaks": old.breaks,
        "bound": old.bound if proven else 0,
        "input": f"restored:{version}:{digest}",
        "restores": version,
        "own_tables": old.own_tables,
        "unmet": old.unmet,
        "appointments": published_appointments(scheduling_input, next_slot),
    }
    return AgendaPublished.model_validate(restored, from_attributes=True)


class _Fit:
    """The present input, which earlier placements must fit."""

    def __init__(self, scheduling_input: SchedulingInput, names: Mapping[str, str], next_slot: int) -> None:
        registrations = [registration.state for registration in scheduling_input.registrations]
        meetings = {meeting.id: meeting.state for meeting in scheduling_input.meetings}
        self.to_place = {id: meeting.sides for id, meeting in meetings.items() if meeting.appointment is None}
        self._appointed = {id: meeting.sides for id, meeting in meetings.items() if meeting.appointment is not None}
        self._registered = {state.member_id: state for state in registrations if state.status == "registered"}
        self._no_shows = scheduling_input.no_shows
        self._closed_tables = scheduling_input.brokerage_event.state.closed_tables
        self._names = names
        self._next_slot = next_slot

    def check(self, placement: Placement) -> None:
        """Raise Refusal unless a placement is still possible; one that has begun is not checked."""
        slot = placement.slot
        if slot < self._next_slot:
            return
        if placement.meeting_id in self._appointed:
            raise _unfit("unfit-appointment", slot=slot)
        if placement.meeting_id not in self.to_place:
            raise _unfit("unfit-not-accepted", slot=slot)
        for side in self.to_place[placement.meeting_id]:
            registration, name = self._registered.get(side), self._names.get(side, side)
            if registration is None or slot in registration.unavailable or slot in self._no_shows.get(side, ()):
                raise _unfit("unfit-absent", slot=slot, name=name)
            if set(people_of(registration)).isdisjoint(placement.seated):
                raise _unfit("unfit-representative", slot=slot, name=name)
        if placement.table in self._closed_tables:
            raise _unfit("unfit-table", table=placement.table)

    def check_most_meetings(self, placements: Sequence[Placement]) -> None:
        """Raise Refusal where somebody would have more meetings than it wants, its appointments among them."""
        placed = [placement.sides for placement in placements if placement.meeting_id in self.to_place]
        counts = Counter(side for sides in (*placed, *self._appointed.values()) for side in sides)
        for member, registration in self._registered.items():
            limit = registration.most_meetings
            if limit is not None and counts[member] > limit:
                raise _unfit("unfit-most-meetings", name=self._names.get(member, member), most=limit)


def _begun(agenda: Agenda, next_slot: int) -> set[tuple[str, int, int]]:
    return {
        (placement.meeting_id, placement.slot, placement.table) for placement in agenda.placements if placement.slot < next_slot
    }


def _unfit(key: str, /, **params: str | int) -> Refusal:
    """Refuse to restore a version, for the reason that `key` names."""
    return Refusal("version-does-not-fit", message=text("version-does-not-fit", reason=text(key, **params)))
