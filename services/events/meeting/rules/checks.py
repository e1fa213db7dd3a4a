"""What must be right about a meeting and its request before anything happens to it."""

from collections.abc import Sequence
from itertools import zip_longest

from services.events.brokerage.rules.lifecycle import not_closed, not_ended
from services.events.brokerage.rules.places import check_slot, check_table
from services.events.errors import refused, refused_as
from services.events.meeting.rules.context import MeetingContext, Place
from services.events.meeting.rules.wishes import check_wishes
from services.events.meeting.state import Meeting
from services.events.rows import Introduction
from shared.chassis.errors import NotFound, Refusal, invalid
from shared.contracts.events import MeetingRequested
from shared.contracts.matching import Mode
from shared.contracts.modes import modes_among


def existing(state: Meeting | None) -> Meeting:
    """Return a meeting that exists. Raises NotFound."""
    if state is None:
        raise NotFound("meeting-unknown")
    return state


def check_side(meeting: Meeting, by: str | None) -> None:
    """Raise Refusal unless `by` is a side of the meeting; None is a manager."""
    if by is not None and by not in meeting.sides:
        raise refused("not-a-side", "by", member=by)


def accepted_meeting(state: Meeting | None, by: str | None) -> Meeting:
    """Return a meeting that is accepted by all, of which `by` is a side; None is a manager. Raises NotFound and Refusal."""
    meeting = existing(state)
    check_side(meeting, by)
    if meeting.status != "accepted":
        raise Refusal("meeting-not-accepted")
    return meeting


def free_place(place: Place | None, table: int | None = None) -> Place:
    """Return the place that was found, at `table` where that was asked for. Raises Refusal where there is none."""
    if place is not None:
        return place
    raise refused("no-table-free", "slot") if table is None else refused("table-not-theirs", "table")


def check_request(requested: MeetingRequested, context: MeetingContext) -> None:
    """Raise Invalid or Refusal, naming the field, where a request makes no sense, comes too late, or somebody cannot meet."""
    members = (requested.by, requested.towards, *requested.others)
    fields = ("by", "towards", *(f"others.{number}" for number in range(len(requested.others))))
    for number, member in enumerate(members):
        if member in members[:number]:
            raise invalid(fields[number], "oneself", "field-oneself")
    if requested.mode not in context.brokerage_event.modes:
        raise invalid("mode", "mode", "field-mode", allowed=", ".join(context.brokerage_event.modes))
    not_closed(context.brokerage_event)
    check_in_time(context)
    check_registered(members, context, fields)
    check_mode(requested.mode, members, context)
    for member, field in zip(members, fields, strict=True):
        if context.by_manager and member in context.unwilling:
            raise refused("no-thanks", field, member=member)
    for person in requested.people:
        if not any(person in context.people.get(member, ()) for member in members):
            raise refused("representative-unknown", "representatives", person=person)
    if requested.slot is not None:
        check_slot(requested.slot, context.brokerage_event, context.now)
        check_table(requested.table, context.brokerage_event)
    elif requested.table is not None:
        raise invalid("slot", "required", "field-slot-of-table")
    if requested.introduction_id is not None:
        check_introduction(requested, context.introduction)


def check_mode(mode: Mode, members: Sequence[str], context: MeetingContext) -> None:
    """Raise Invalid where members of these kinds do not meet in this mode; not where the kind of one is not known here."""
    kinds = [context.kinds[member] for member in members if member in context.kinds]
    if len(kinds) == len(members) and mode not in (possible := modes_among(kinds)):
        if not possible:
            raise invalid("mode", "kinds", "field-mode-none", kinds=", ".join(kinds))
        raise invalid("mode", "kinds", "field-mode-of-kinds", kinds=", ".join(kinds), allowed=", ".join(possible))


def check_in_time(context: MeetingContext) -> None:
    """Raise Refusal after the event's deadline for requests and answers, and when its last slot is over."""
    until = context.brokerage_event.requests_until
    if context.now is not None:
        not_ended(context.brokerage_event, context.now)
    if until is not None and context.now is not None and until <= context.now:
        raise Refusal("requests-over")


def check_registered(members: Sequence[str], context: MeetingContext, fields: Sequence[str] = ()) -> None:
    """Raise Refusal, naming the field (`by` where none is given), for a member that is not registered."""
    for member, field in zip_longest(members, fields, fillvalue="by"):
        if member not in context.registered:
            raise refused_as("not-registered", field, "member-not-registered", member=member)


def check_spoken_for(side: str, slot: int | None, context: MeetingContext) -> None:
    """Raise Refusal where a manager asks for an appointment, or accepts one, beyond what its side asked for without saying so."""
    if slot is not None and context.in_name_of is not None:
        check_wishes([side], context, context.in_name_of)


def check_introduction(requested: MeetingRequested, introduction: Introduction | None) -> None:
    """Raise unless the introduction was made between these two, in this mode; one of others is as unknown as none."""
    if introduction is None or not introduction.introduced or requested.by not in introduction.members:
        raise refused("introduction-unknown", "introduction_id")
    if set(introduction.members) != {requested.by, requested.towards} or introduction.mode != requested.mode:
        raise invalid("introduction_id", "introduction", "field-introduction")


def check_same_place(meeting: Meeting, requested: MeetingRequested) -> None:
    """Raise Refusal where a slot or table is requested that the meeting, requested or accepted already, does not have."""
    place = meeting.appointment or meeting
    if requested.slot is None or (requested.slot == place.slot and requested.table in (None, place.table)):
        return
    key = "accepted-otherwise" if meeting.status == "accepted" else "requested-otherwise"
    raise refused_as("asked-otherwise", "slot", key)


def check_unchanged(meeting: Meeting, request_seen: Meeting | None) -> None:
    """Raise Refusal where the slot or table requested is another than when the request was read: nobody accepts it unseen."""
    if request_seen is not None and (request_seen.slot, request_seen.table) != (meeting.slot, meeting.table):
        raise refused_as("asked-otherwise", "slot", "request-changed")
