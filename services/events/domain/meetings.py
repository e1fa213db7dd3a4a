"""The rules of a meeting: asked for, accepted by all or declined, called off. One for each pair or group and event."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict

from services.events.domain import appointing, attendance
from services.events.domain.agendas import place_claims
from services.events.domain.brokerage import Brokerage, not_closed
from services.events.domain.refusals import invalid, refused
from shared.chassis.errors import NotFound, Refusal
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

Status = Literal["requested", "accepted", "declined", "expired", "cancelled"]


class Meeting(TypedDict):
    """`by` asked `towards`, whatever happened since."""

    event_id: str
    mode: str
    by: str
    towards: str
    introduction_id: str | None
    others: list[str]
    slot: int | None
    table: int | None
    accepted: list[str]
    appointment: dict[str, Any] | None
    proposal: dict[str, Any] | None
    people: list[str]
    status: Status
    reason: str | None
    attendance: dict[str, Any] | None
    outcomes: list[dict[str, Any]]
    feedback: list[dict[str, Any]]


@dataclass(frozen=True)
class Facts:
    """What other aggregates said when the command came: the event, who is registered, the introduction named, the time.

    `unwanted` are those who do not want to meet who asks. `place` is where an appointment would be. `people` are the
    representatives of each member; a member that is not in it has none.
    """

    event: Brokerage
    registered: frozenset[str]
    introduction: Mapping[str, Any] | None = None
    now: datetime | None = None
    unwanted: frozenset[str] = frozenset()
    place: appointing.Place | None = None
    people: Mapping[str, Collection[str]] = field(default_factory=dict)


def request(state: Meeting | None, asked: MeetingRequested, facts: Facts) -> Sequence[DomainEvent]:
    """Ask for a meeting.

    Asking back is accepting. The same request again, or one for a meeting that is agreed, changes nothing. Who was
    declined cannot ask again; who declined can, and anybody after an expiry or a cancellation.
    """
    _check_request(asked, facts)
    if state is None or state["status"] in ("expired", "cancelled"):
        return [asked]
    asked_back = asked.by in _invited(state)
    if state["status"] == "requested":
        return _accepted(state, asked.by, facts, own(asked)) if asked_back else []
    if state["status"] == "accepted":
        return []
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
    _all_registered((by, meeting["by"]), facts, fields=("by", "by"))
    if person is not None and person not in facts.people.get(by, ()):
        raise _no_representative("representative", person)
    return _accepted(meeting, by, facts, person)


def decline(state: Meeting | None, by: str, reason: str, event: Brokerage) -> Sequence[DomainEvent]:
    """Decline a meeting, as one that was asked, saying why; declining twice changes nothing."""
    meeting = _asked_side(state, by)
    if meeting["status"] == "declined":
        return []
    _pending(meeting)
    not_closed(event)
    return [MeetingDeclined(event_id=meeting["event_id"], by=by, towards=meeting["by"], reason=reason)]


def expire(state: Meeting | None, event: Brokerage, now: datetime) -> Sequence[DomainEvent]:
    """End a request that was not answered in time; nothing changes for any other."""
    meeting = _existing(state)
    late = event["requests_until"] is not None and event["requests_until"] <= now
    return [MeetingExpired(event_id=meeting["event_id"])] if late and meeting["status"] == "requested" else []


def cancel(state: Meeting | None, by: str | None, reason: str, begun: bool, event: Brokerage) -> Sequence[DomainEvent]:
    """Call off an agreed meeting that has not begun, as a side, or without `by` because somebody withdrew."""
    meeting = _existing(state)
    if by is not None and by not in attendance.sides(meeting):
        raise refused("not-a-side", "by", it=f"{by} non è parte dell'incontro.", en=f"{by} is no side of the meeting.")
    if meeting["status"] == "cancelled":
        return []
    not_closed(event)
    if meeting["status"] != "accepted":
        raise Refusal("meeting-not-accepted", it="L'incontro non è concordato.", en="The meeting is not agreed on.")
    if begun or meeting["attendance"] is not None:
        raise Refusal("meeting-begun", it="L'incontro è già cominciato.", en="The meeting has begun already.")
    return [MeetingCancelled(event_id=meeting["event_id"], by=by, reason=reason)]


def evolve(state: Meeting | None, event: DomainEvent) -> Meeting:
    """Fold a domain event of a meeting."""
    if isinstance(event, MeetingRequested):
        after: dict[str, Any] = {"reason": None, "attendance": None, "outcomes": [], "feedback": []}
        fresh = {"status": "requested", "accepted": [], "appointment": None, "proposal": None, **after}
        kept = {"last_appointment": state.get("last_appointment") if state else None}
        return {**event.model_dump(), **fresh, **kept}  # type: ignore[typeddict-item]
    assert state is not None, "a meeting begins with a request"
    if isinstance(event, attendance.TOLD):
        return {**state, **attendance.evolve(state, event)}  # type: ignore[typeddict-item]
    if isinstance(event, appointing.TOLD):
        return {**state, **appointing.evolve(state, event)}  # type: ignore[typeddict-item]
    if isinstance(event, MeetingJoined | MeetingAccepted):
        status: Status = "accepted" if isinstance(event, MeetingAccepted) else state["status"]
        return {
            **state,
            "status": status,
            "accepted": [*state["accepted"], event.by],
            "people": named(state, event.by, event.person),
        }
    if isinstance(event, MeetingExpired):
        return {**state, "status": "expired"}
    assert isinstance(event, MeetingDeclined | MeetingCancelled)
    ended: Status = "declined" if isinstance(event, MeetingDeclined) else "cancelled"
    return {**state, "status": ended, "reason": event.reason, "appointment": None, "proposal": None}


def claims(_id: str, state: Meeting) -> Iterable[str]:
    """Claim the people and the table of an appointment in its slot, just as an agenda does."""
    place = state["appointment"]
    return place_claims(state["event_id"], place["slot"], place["table"], place["people"]) if place else ()


def _accepted(meeting: Meeting, by: str, facts: Facts, person: str | None) -> Sequence[DomainEvent]:
    """Tell that one accepts; where nobody is left to, that the meeting is agreed, and where an appointment takes place."""
    event_id, towards = meeting["event_id"], meeting["by"]
    if set(_invited(meeting)) - {by, *meeting["accepted"]}:
        joined = MeetingJoined(event_id=event_id, by=by, towards=towards, person=person)
        return [] if by in meeting["accepted"] else [joined]
    agreed = MeetingAccepted(event_id=event_id, by=by, towards=towards, person=person)
    if meeting["slot"] is None:
        return [agreed]
    appointing.check_slot(meeting["slot"], facts.event, facts.now)
    table, people = appointing.free_place(facts.place)
    return [agreed, AppointmentMade(event_id=event_id, slot=meeting["slot"], table=table, people=people)]


def own(asked: MeetingRequested) -> str | None:
    """Name the representative that who asks sends itself."""
    return next((person for person in asked.people if person.rpartition(":")[0] == asked.by), None)


def named(state: Mapping[str, Any], by: str, person: str | None) -> list[str]:
    """Name the representatives a meeting is asked for, with the one that side `by` sends instead of its own."""
    people = list(state.get("people") or ())
    return people if person is None else [*(one for one in people if one.rpartition(":")[0] != by), person]


def _no_representative(field: str, person: str) -> Refusal:
    return refused(
        "representative-unknown",
        field,
        it=f"{person} non è un rappresentante indicato nell'iscrizione.",
        en=f"{person} is no representative named in the registration.",
    )


def _invited(meeting: Meeting) -> tuple[str, ...]:
    return (meeting["towards"], *meeting["others"])


def _check_request(asked: MeetingRequested, facts: Facts) -> None:
    members = (asked.by, asked.towards, *asked.others)
    fields = ("by", "towards", *(f"others.{number}" for number in range(len(asked.others))))
    for number, member in enumerate(members):
        if member in members[:number]:
            raise invalid(fields[number], "oneself", it="non si incontra sé stessi", en="nobody meets itself")
    if asked.mode not in facts.event["modes"]:
        allowed = ", ".join(facts.event["modes"])
        raise invalid("mode", "mode", it=f"l'evento ammette: {allowed}", en=f"the event allows: {allowed}")
    not_closed(facts.event)
    _in_time(facts)
    _all_registered(members, facts, fields)
    for member, where in zip(members, fields, strict=True):
        if member in facts.unwanted:
            raise refused("no-thanks", where, it=f"{member} non lo desidera.", en=f"{member} does not want it.")
    for person in asked.people:
        if not any(person in facts.people.get(member, ()) for member in members):
            raise _no_representative("representatives", person)
    if asked.slot is not None:
        appointing.check_slot(asked.slot, facts.event, facts.now)
        appointing.check_table(asked.table, facts.event)
    elif asked.table is not None:
        raise invalid("slot", "required", it="un tavolo si chiede con uno slot", en="a table is asked for with a slot")
    if asked.introduction_id is not None:
        _check_introduction(asked, facts.introduction)


def _in_time(facts: Facts) -> None:
    until = facts.event["requests_until"]
    if until is not None and facts.now is not None and until <= facts.now:
        raise Refusal("requests-over", it="Il termine per gli incontri è passato.", en="The time for asking and answering is over.")


def _check_introduction(asked: MeetingRequested, introduction: Mapping[str, Any] | None) -> None:
    field = "introduction_id"
    if introduction is None or not introduction["introduced"]:
        raise refused(
            "introduction-unknown",
            field,
            it="Qui non è nota alcuna presentazione con questo id; se è appena avvenuta, riprovare.",
            en="No introduction by this id is known here; if it was made just now, try again.",
        )
    if set(introduction["members"]) != {asked.by, asked.towards} or introduction["mode"] != asked.mode:
        it = "la presentazione è di altri membri o in un'altra modalità"
        raise invalid(field, "introduction", it=it, en="the introduction is of other members or in another mode")


def _all_registered(members: Sequence[str], facts: Facts, fields: Sequence[str]) -> None:
    for member, where in zip(members, fields, strict=True):
        if member not in facts.registered:
            raise refused("not-registered", where, it=f"{member} non è iscritto all'evento.", en=f"{member} is not registered.")


def _existing(state: Meeting | None) -> Meeting:
    if state is None:
        raise NotFound("meeting-unknown", it="Non c'è nessun incontro con questo id.", en="There is no meeting by this id.")
    return state


def _asked_side(state: Meeting | None, by: str) -> Meeting:
    meeting = _existing(state)
    if by not in _invited(meeting):
        raise refused("not-asked", "by", it="Risponde solo chi è stato invitato.", en="Only the side that was asked answers.")
    return meeting


def _pending(meeting: Meeting) -> None:
    if meeting["status"] != "requested":
        status = meeting["status"]
        raise Refusal("meeting-answered", it=f"L'incontro è già nello stato {status}.", en=f"The meeting is {status} already.")
