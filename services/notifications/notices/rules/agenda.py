"""What participants are notified of about an agenda, and about the whole event when it is corrected or closed. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from services.notifications.notices.context import Context, Notice, details, members_of, partners, place_of, representative
from services.notifications.notices.facts import (
    AgendaFacts,
    ChangedMeeting,
    Closing,
    Correction,
    Ending,
    ListedMeeting,
    UnplacedMeeting,
)
from services.notifications.notices.rules.agenda_diff import Change, changes
from services.notifications.read_models import Agenda, PlacedMeeting
from shared.chassis.documents import parse
from shared.contracts.events import AgendaPublished, BrokerageEventClosed, BrokerageEventCorrected, Placement, Unplaced

Placed = Placement | PlacedMeeting


def agenda(_id: str, version: int, event: AgendaPublished, context: Context) -> Sequence[Notice]:
    """Give each participant its own agenda with its appointments and the meetings that have no place.

    Of a later version only those are notified whose agenda changes, with the changes; of appointments they were notified before.
    """
    placed = _meetings(event.placements, context, event.appointments)
    unplaced: dict[str, list[UnplacedMeeting]] = {}
    for meeting in event.unplaced:
        for member, partner in _members_with_partners(meeting, context):
            unplaced.setdefault(member, []).append(UnplacedMeeting(partner, meeting.reason))
    changed = _changes(context.agenda, event) if context.agenda else {}
    event_details = details(context.event)
    return [
        Notice(
            "agenda",
            member,
            AgendaFacts(
                context.names[member],
                event_details,
                version,
                meetings=tuple(placed.get(member, ())),
                unplaced=tuple(unplaced.get(member, ())),
                changes=tuple(_changed(change, member, context) for change in changed.get(member, ())),
            ),
        )
        for member in sorted(placed.keys() | unplaced.keys() if context.agenda is None else changed.keys())
    ]


def correction(_id: str, _version: int, event: BrokerageEventCorrected, context: Context) -> Sequence[Notice]:
    """Notify everybody registered or on the waiting list of the event as it is now, and of what changed."""
    event_details = details(event)
    return [
        Notice("event-corrected", member, Correction(context.names[member], event_details, event.requests_until, event.changed))
        for member in event.participants
    ]


def closing(_id: str, _version: int, event: BrokerageEventClosed, context: Context) -> Sequence[Notice]:
    """Thank everybody for the meetings held and ask for their outcomes; name the meetings that will not take place.

    Of an event that ends early all are notified who were registered or on the waiting list.
    """
    scheduled = context.agenda.placements if context.agenda else ()
    held = [meeting for meeting in scheduled if meeting.meeting_id not in event.not_held]
    to_come = [meeting for meeting in scheduled if meeting.meeting_id in event.called_off]
    absent = {(absence.meeting_id, member) for absence in event.absences for member in absence.members}
    met = _meetings([*held, *event.appointments], context, absent=absent)
    cancelled = _meetings([*to_come, *event.appointments_off], context)
    unplaced = _unplaced(event, context)
    ending = _ending(event, bool(held or event.appointments))
    event_details = details(context.event)
    return [
        Notice(
            "event-closed",
            member,
            Closing(
                context.names[member],
                event_details,
                meetings=tuple(met.get(member, ())),
                cancelled=tuple(cancelled.get(member, ())),
                unplaced=tuple(sorted(unplaced.get(member, ()))),
                ending=ending,
            ),
        )
        for member in sorted({*met, *cancelled, *unplaced, *event.registered})
    ]


def _ending(event: BrokerageEventClosed, any_held: bool) -> Ending:
    """How the event ended: only before its time does it name everybody registered."""
    if not event.registered:
        return "over"
    return "early" if any_held else "cancelled"


def _unplaced(event: BrokerageEventClosed, context: Context) -> Mapping[str, list[str]]:
    """Who was to meet whom in meetings that never had a place, but for those who withdrew."""
    by_member: dict[str, list[str]] = {}
    for id in event.without_place:
        members = context.meetings[id]
        for member in set(members).difference(event.gone):
            by_member.setdefault(member, []).append(partners(members, member, context))
    return by_member


def _meetings(
    placements: Sequence[Placed],
    context: Context,
    appointments: Sequence[Placement] = (),
    absent: Collection[tuple[str, str]] = (),
) -> Mapping[str, list[ListedMeeting]]:
    """List each participant's meetings by time, without those it was `absent` from."""
    meetings = [*((meeting, False) for meeting in placements), *((meeting, True) for meeting in appointments)]
    # Looked up once each: an agenda has thousands of meetings in a few hundred places.
    seats = {(meeting.slot, meeting.table) for meeting, _ in meetings}
    places = {(slot, table): place_of(context, slot, table) for slot, table in seats}
    by_member: dict[str, list[ListedMeeting]] = {}
    for meeting, is_appointment in meetings:
        place = places[meeting.slot, meeting.table]
        for member, partner in _members_with_partners(meeting, context):
            if (meeting.meeting_id, member) not in absent:
                own = _own(member, members_of(meeting), meeting.people, context)
                by_member.setdefault(member, []).append(ListedMeeting(partner, own, place, is_appointment))
    return {member: sorted(listed, key=lambda meeting: meeting.place.starts) for member, listed in by_member.items()}


def _members_with_partners(meeting: Placed | Unplaced, context: Context) -> Iterator[tuple[str, str]]:
    """All members of a meeting, each with the names of the others."""
    members = members_of(meeting)
    people = () if isinstance(meeting, Unplaced) else meeting.people
    return ((member, partners(members, member, context, people)) for member in members)


def _changes(before: Agenda, event: AgendaPublished) -> Mapping[str, Sequence[Change]]:
    appointments = [parse(PlacedMeeting, appointment) for appointment in event.appointments]
    return changes(before, parse(Agenda, event), appointments, event.appointed)


def _changed(change: Change, member: str, context: Context) -> ChangedMeeting:
    """Describe where a meeting is now, or was."""
    seat = change.after if change.after and change.after.slot is not None else change.before or change.after
    assert seat is not None, "a change has a seat before or after"
    place = None if seat.slot is None else place_of(context, seat.slot, seat.table)
    partner = partners(seat.members, member, context, seat.people)
    return ChangedMeeting(change.kind, partner, _own(member, seat.members, seat.people, context), place)


def _own(member: str, members: Sequence[str], people: Sequence[str], context: Context) -> str:
    """Name the representative that a member sends; empty for the member itself."""
    return representative(dict(zip(members, people, strict=False)).get(member, member), context)
