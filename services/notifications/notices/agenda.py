"""What participants are told of an agenda, and of the whole event when it is corrected or closed. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from services.notifications.notices.agenda_diff import Change, changes
from services.notifications.notices.context import Facts, Known, Notice, addressed, each, occasion, others, place, representative
from shared.contracts.events import AgendaPublished, BrokerageEventClosed, BrokerageEventCorrected, Placement


def agenda(_id: str, version: int, event: AgendaPublished, known: Known) -> Sequence[Notice]:
    """Give each participant its own agenda with its appointments, and what there was no place for; no one two notices.

    Of a later version only those are told whose agenda changes, with what changes: of an appointment they were told when it was
    made.
    """
    told = event.model_dump(include={"placements", "unplaced", "appointments"})
    changed = changes(known.agenda, told, event.appointed) if known.agenda else {}
    placed = _meetings(event.placements, known, event.appointments)
    unplaced: dict[str, list[Facts]] = {}
    for left in event.unplaced:
        for member, partner in each(left, known):
            unplaced.setdefault(member, []).append({"partner": partner, "reason": left.reason.model_dump()})
    return [
        Notice(
            "agenda",
            member,
            {
                **addressed(member, known),
                "version": version,
                "meetings": placed.get(member, []),
                "unplaced": unplaced.get(member, []),
                "changes": [_told(change, member, known) for change in changed.get(member, [])],
            },
        )
        for member in sorted(placed.keys() | unplaced.keys() if known.agenda is None else changed.keys())
    ]


def correction(_id: str, _version: int, event: BrokerageEventCorrected, known: Known) -> Sequence[Notice]:
    """Tell whoever takes part or waits for a place how the event is from now on, and what of that is new."""
    of_event = {**occasion(replace(known, brokerage=event.model_dump())), "requests_until": event.requests_until}
    facts = {**of_event, "changed": list(event.changed)}
    return [Notice("event-corrected", member, {"name": known.names[member], **facts}) for member in event.participants]


def closing(_id: str, _version: int, event: BrokerageEventClosed, known: Known) -> Sequence[Notice]:
    """Thank everybody who met somebody, name its meetings, and ask what came of them; name those that will not take place.

    Of an event that ends early all are told who took part or stood by.
    """
    scheduled = [Placement.model_validate(one) for one in (known.agenda or {}).get("placements", ())]
    held = [one for one in scheduled if one.meeting_id not in event.not_held]
    to_come = [one for one in scheduled if one.meeting_id in event.called_off]
    absent = {(one.meeting_id, member) for one in event.absences for member in one.members}
    met = _meetings([*held, *event.appointments], known, absent=absent)
    off = _meetings([*to_come, *event.appointments_off], known)
    unplaced: dict[str, list[str]] = {}
    for id in event.without_place:
        for member in set(known.meetings[id]).difference(event.gone):
            unplaced.setdefault(member, []).append(others(known.meetings[id], member, known))
    how = "over" if not event.registered else "early" if held or event.appointments else "off"
    return [
        Notice(
            "event-closed",
            member,
            {
                **addressed(member, known),
                "meetings": met.get(member, []),
                "off": off.get(member, []),
                "unplaced": sorted(unplaced.get(member, [])),
                "how": how,
            },
        )
        for member in sorted({*met, *off, *unplaced, *event.registered})
    ]


def _meetings(
    placements: Sequence[Placement],
    known: Known,
    appointments: Sequence[Placement] = (),
    absent: Collection[tuple[str, str]] = (),
) -> Mapping[str, list[Facts]]:
    """Tell each participant's meetings, in the order of time, which are `appointments`, and not those it was `absent` from."""
    found: dict[str, list[Facts]] = {}
    both = [*((one, {}) for one in placements), *((one, {"appointment": True}) for one in appointments)]
    places = {(one.slot, one.table): place(known, one.slot, one.table) for one, _ in both}
    for placement, kind in both:
        for member, partner in each(placement, known):
            if (placement.meeting_id, member) in absent:
                continue
            own = _own(member, (*placement.members, *placement.others), placement.people)
            meeting = {**places[placement.slot, placement.table], "partner": partner, "own": own, **kind}
            found.setdefault(member, []).append(meeting)
    return {member: sorted(meetings, key=lambda meeting: meeting["starts"]) for member, meetings in found.items()}


def _told(change: Change, member: str, known: Known) -> Facts:
    """Say what became of a meeting: where it is now, or was."""
    seat = change.after if change.after and change.after.slot is not None else change.before or change.after
    assert seat is not None, "a change has one of the two"
    where = place(known, seat.slot, seat.table) if seat.slot is not None else {"starts": None, "table": None}
    own = _own(member, seat.members, seat.people)
    partner = others(seat.members, member, known, seat.people)
    return {**where, "what": change.what, "partner": partner, "own": own}


def _own(member: str, members: Sequence[str], people: Sequence[str]) -> str:
    """Say which of its representatives a member sends; nothing where it has but itself."""
    return representative(member, dict(zip(members, people, strict=False)).get(member, member))
