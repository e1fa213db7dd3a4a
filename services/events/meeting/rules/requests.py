"""The rules of a meeting: asked for, accepted by all or declined, called off. One for each pair or group and event."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from services.events.brokerage.rules.lifecycle import answers_over, not_closed
from services.events.brokerage.rules.places import check_slot, check_table
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import invalid, refused
from services.events.meeting.rules.free_place import free_place
from services.events.meeting.rules.request_checks import (
    check_introduction,
    check_same_place,
    check_unchanged,
    no_representative,
    own,
    wish,
)
from services.events.meeting.state import Meeting, Place, come_though_unavailable, existing, sides
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AppointmentMade,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingJoined,
    MeetingRequested,
)


@dataclass(frozen=True)
class Facts:
    """What other aggregates said when the command came: the event, who is registered, the introduction named, the time.

    `unwanted` are those who do not want to meet who asks. `place` is where an appointment would be. `people` are the
    representatives of each member; a member that is not in it has none. `seen` is the request as who accepts read it, and
    `unavailable` are those who said that they are not there in its slot.
    """

    event: BrokerageEvent
    registered: frozenset[str]
    introduction: Mapping[str, Any] | None = None
    now: datetime | None = None
    unwanted: frozenset[str] = frozenset()
    place: Place | None = None
    people: Mapping[str, Collection[str]] = field(default_factory=dict)
    seen: Mapping[str, Any] | None = None
    unavailable: frozenset[str] = frozenset()


def request(state: Meeting | None, asked: MeetingRequested, facts: Facts) -> Sequence[DomainEvent]:
    """Ask for a meeting.

    Asking back is accepting. The same request again, or one for a meeting that is agreed, changes nothing; another one by who
    asked takes the place of the first. Who was declined cannot ask again; who declined can, and anybody after an expiry or a
    cancellation.
    """
    _check_request(asked, facts)
    if state is None or state["status"] in ("expired", "cancelled"):
        return [asked]
    asked_back = asked.by in _invited(state)
    if state["status"] == "requested" and not asked_back:
        return [] if wish(state) == wish(asked.model_dump()) else [asked]
    if state["status"] in ("requested", "accepted"):
        check_same_place(state, asked)
        return _accepting(state, asked.by, facts, own(asked)) if state["status"] == "requested" else []
    if not asked_back:
        raise refused("meeting-declined", "towards", it="L'incontro è stato rifiutato.", en="The meeting was declined.")
    return [asked]


def accept(state: Meeting | None, by: str, facts: Facts, person: str | None = None) -> Sequence[DomainEvent]:
    """Accept a meeting, as one that was asked; accepting twice changes nothing. The last to accept makes it agreed.

    `person` is the representative it sends, `member:representative`.
    """
    meeting = _asked_side(state, by)
    if meeting["status"] == "accepted" or by in meeting["accepted"]:
        return []
    _pending(meeting)
    not_closed(facts.event)
    _in_time(facts)
    if person is not None and person not in facts.people.get(by, ()):
        raise no_representative("representative", person)
    return _accepting(meeting, by, facts, person)


def decline(state: Meeting | None, by: str, reason: str, event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Decline a meeting, as one that was asked, saying why; declining twice changes nothing."""
    meeting = _asked_side(state, by)
    if meeting["status"] == "declined":
        return []
    _pending(meeting)
    not_closed(event)
    return [MeetingDeclined(event_id=meeting["event_id"], by=by, towards=meeting["by"], reason=reason)]


def expire(state: Meeting | None, event: BrokerageEvent, now: datetime) -> Sequence[DomainEvent]:
    """End a request that was not answered in time; nothing changes for any other."""
    meeting = existing(state)
    over = answers_over(event, now) and meeting["status"] == "requested"
    return [MeetingExpired(event_id=meeting["event_id"])] if over else []


def cancel(state: Meeting | None, off: MeetingCancelled, begun: bool, event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Call off an agreed meeting that has not begun, or take back a request, as who asked or a manager; twice changes nothing."""
    meeting = existing(state)
    if off.by is not None and off.by not in sides(meeting):
        raise refused("not-a-side", "by", it=f"{off.by} non è parte dell'incontro.", en=f"{off.by} is no side of the meeting.")
    if meeting["status"] == "cancelled":
        return []
    not_closed(event)
    if meeting["status"] == "requested" and off.by in (meeting["by"], None):
        return [off]
    if meeting["status"] != "accepted":
        it = "L'incontro non è concordato: chi è stato invitato può declinarlo."
        raise Refusal("meeting-not-accepted", it=it, en="The meeting is not agreed on: who was asked may decline it.")
    if begun or meeting["attendance"] is not None:
        raise Refusal("meeting-begun", it="L'incontro è già cominciato.", en="The meeting has begun already.")
    return [off]


def _accepting(meeting: Meeting, by: str, facts: Facts, person: str | None) -> Sequence[DomainEvent]:
    """Tell that one accepts; where nobody is left to, that the meeting is agreed, and where an appointment takes place.

    Who asked and who has accepted must still be registered.
    """
    check_unchanged(meeting, facts.seen)
    _all_registered((by, meeting["by"], *meeting["accepted"]), facts)
    event_id, towards = meeting["event_id"], meeting["by"]
    if set(_invited(meeting)) - {by, *meeting["accepted"]}:
        joined = MeetingJoined(event_id=event_id, by=by, towards=towards, person=person)
        return [] if by in meeting["accepted"] else [joined]
    agreed = MeetingAccepted(event_id=event_id, by=by, towards=towards, person=person)
    if meeting["slot"] is None:
        return [agreed]
    check_slot(meeting["slot"], facts.event, facts.now)
    table, people = free_place(facts.place)
    anyway = come_though_unavailable(meeting, facts.unavailable)
    return [agreed, AppointmentMade(event_id=event_id, slot=meeting["slot"], table=table, people=people, anyway=anyway)]


def _invited(meeting: Meeting) -> tuple[str, ...]:
    return (meeting["towards"], *meeting["others"])


def _check_request(asked: MeetingRequested, facts: Facts) -> None:
    members = (asked.by, asked.towards, *asked.others)
    fields = ("by", "towards", *(f"others.{number}" for number in range(len(asked.others))))
    for number, member in enumerate(members):
        if member in members[:number]:
            raise invalid(fields[number], "oneself", it="non si incontra sé stessi", en="nobody meets itself")
    if asked.mode not in facts.event.modes:
        allowed = ", ".join(facts.event.modes)
        raise invalid("mode", "mode", it=f"l'evento ammette: {allowed}", en=f"the event allows: {allowed}")
    not_closed(facts.event)
    _in_time(facts)
    _all_registered(members, facts, fields)
    for member, where in zip(members, fields, strict=True):
        if member in facts.unwanted:
            raise refused("no-thanks", where, it=f"{member} non lo desidera.", en=f"{member} does not want it.")
    for person in asked.people:
        if not any(person in facts.people.get(member, ()) for member in members):
            raise no_representative("representatives", person)
    if asked.slot is not None:
        check_slot(asked.slot, facts.event, facts.now)
        check_table(asked.table, facts.event)
    elif asked.table is not None:
        raise invalid("slot", "required", it="un tavolo si chiede con uno slot", en="a table is asked for with a slot")
    if asked.introduction_id is not None:
        check_introduction(asked, facts.introduction)


def _in_time(facts: Facts) -> None:
    until = facts.event.requests_until
    if until is not None and facts.now is not None and until <= facts.now:
        it = "Il termine per gli incontri è passato: un gestore dell'evento può spostarlo."
        en = "The time for asking and answering is over: a manager of the event can move the deadline."
        raise Refusal("requests-over", it=it, en=en)


def _all_registered(members: Sequence[str], facts: Facts, fields: Sequence[str] = ()) -> None:
    for member, where in zip_longest(members, fields, fillvalue="by"):
        if member not in facts.registered:
            raise refused("not-registered", where, it=f"{member} non è iscritto all'evento.", en=f"{member} is not registered.")


def _asked_side(state: Meeting | None, by: str) -> Meeting:
    meeting = existing(state)
    if by not in _invited(meeting):
        raise refused("not-asked", "by", it="Risponde solo chi è stato invitato.", en="Only the side that was asked answers.")
    return meeting


def _pending(meeting: Meeting) -> None:
    if meeting["status"] != "requested":
        status = meeting["status"]
        raise Refusal("meeting-answered", it=f"L'incontro è già nello stato {status}.", en=f"The meeting is {status} already.")
