"""From the solver's schedule to an agenda. Pure."""

from collections.abc import Sequence

from services.events.computation.problem_builder import ProblemBuilder
from services.events.computation.protocol import MeetingPlacement, SolvedSchedule
from services.events.computation.scheduling_input import SchedulingInput
from services.events.computation.shortening import name_of, shorten_reason
from services.events.meeting.queries import placement_at
from services.events.texts import TEXTS
from shared.chassis.texts import text
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished, OwnTable, Placement, Unmet, Unplaced


def write_agenda(problem: ProblemBuilder, schedule: SolvedSchedule, input: str) -> AgendaPublished:
    """Write a schedule as an agenda. Meetings with a side that withdrew or did not come are unplaced, with that reason."""
    reasons = {unplaced.meeting_id: shorten_reason(unplaced.it, unplaced.en) for unplaced in schedule.unplaced}
    placed = {placement.meeting_id for placement in schedule.placements}
    for id, sides in problem.sides.items():
        missing = [side for side in sides if _is_missing(problem, side)]
        if id not in placed and missing:
            reasons[id] = _why_missing(problem, missing[0])
    return AgendaPublished(
        event_id=problem.input.brokerage_event.id,
        placements=tuple(_placement(problem, placement) for placement in schedule.placements),
        unplaced=tuple(unplaced(id, problem.sides[id], reason) for id, reason in reasons.items()),
        status=schedule.status,
        breaks=schedule.breaks,
        bound=schedule.bound,
        input=input,
        repaired=problem.repair,
        own_tables=tuple(
            OwnTable(member_id=member, table=table)
            for member, table in sorted(problem.own_tables.items())
            if problem.registrations[member].fixed_table
        ),
        unmet=tuple(Unmet(member_id=member, reason=_no_own_table(problem, member)) for member in problem.unmet),
        appointments=published_appointments(problem.input, problem.next_slot),
    )


def unplaced(meeting_id: str, sides: Sequence[str], reason: LocalizedText) -> Unplaced:
    """Write a meeting without a place."""
    return Unplaced(meeting_id=meeting_id, members=(sides[0], sides[1]), others=tuple(sides[2:]), reason=reason)


def published_appointments(scheduling_input: SchedulingInput, next_slot: int) -> tuple[Placement, ...]:
    """Write the appointments: those that have begun before `next_slot`, and of those to come the ones nobody withdrew from."""
    registered = {
        registration.state.member_id for registration in scheduling_input.registrations if registration.state.status == "registered"
    }
    return tuple(
        Placement.model_validate(placement_at(meeting, appointment), from_attributes=True)
        for meeting in scheduling_input.meetings
        if (appointment := meeting.state.appointment) is not None
        and (appointment.slot < next_slot or registered.issuperset(meeting.state.sides))
    )


def _placement(problem: ProblemBuilder, placement: MeetingPlacement) -> Placement:
    sides, people = problem.sides[placement.meeting_id], problem.people[placement.meeting_id]
    return Placement(
        meeting_id=placement.meeting_id,
        members=(sides[0], sides[1]),
        slot=placement.slot,
        table=placement.table,
        others=sides[2:],
        people=people if people != sides else (),
    )


def _is_missing(problem: ProblemBuilder, member: str) -> bool:
    return member in problem.no_shows or member not in problem.present


def _why_missing(problem: ProblemBuilder, member: str) -> LocalizedText:
    name = name_of(problem.names, member)
    return TEXTS.localized(text("did-not-come", name=name) if member in problem.no_shows else text("withdrew", name=name))


def _no_own_table(problem: ProblemBuilder, member: str) -> LocalizedText:
    return TEXTS.localized(text("no-own-table", name=name_of(problem.names, member)))
