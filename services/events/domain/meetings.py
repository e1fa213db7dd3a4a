"""The rules of a meeting: asked for by one side, accepted or declined by the other. One for each pair and event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from services.events.domain import attendance
from services.events.domain.brokerage import Brokerage, not_closed
from services.events.domain.refusals import invalid, refused
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import MeetingAccepted, MeetingDeclined, MeetingRequested

Status = Literal["requested", "accepted", "declined"]


class Meeting(TypedDict):
    """`by` asked `towards`, whatever happened since."""

    event_id: str
    mode: str
    by: str
    towards: str
    introduction_id: str | None
    status: Status
    reason: str | None
    attendance: dict[str, Any] | None
    outcomes: list[dict[str, Any]]
    feedback: list[dict[str, Any]]


@dataclass(frozen=True)
class Facts:
    """What other aggregates said when the command came: the event, who is registered, the introduction named."""

    event: Brokerage
    registered: frozenset[str]
    introduction: Mapping[str, Any] | None = None


def request(state: Meeting | None, asked: MeetingRequested, facts: Facts) -> Sequence[DomainEvent]:
    """Ask for a meeting.

    Asking back is accepting. The same request again, or one for a meeting that is agreed, changes nothing. Who was
    declined cannot ask again; who declined can.
    """
    _check_request(asked, facts)
    if state is None:
        return [asked]
    asked_back = state["by"] == asked.towards
    if state["status"] == "requested":
        return [MeetingAccepted(event_id=asked.event_id, by=asked.by, towards=asked.towards)] if asked_back else []
    if state["status"] == "accepted":
        return []
    if not asked_back:
        raise refused("meeting-declined", "towards", it="L'incontro è stato rifiutato.", en="The meeting was declined.")
    return [asked]


def accept(state: Meeting | None, by: str, facts: Facts) -> Sequence[DomainEvent]:
    """Accept a meeting, as the side that was asked; accepting twice changes nothing."""
    meeting = _asked_side(state, by)
    if meeting["status"] == "accepted":
        return []
    _pending(meeting)
    not_closed(facts.event)
    _both_registered(by, meeting["by"], facts, fields=("by", "by"))
    return [MeetingAccepted(event_id=meeting["event_id"], by=by, towards=meeting["by"])]


def decline(state: Meeting | None, by: str, reason: str, event: Brokerage) -> Sequence[DomainEvent]:
    """Decline a meeting, as the side that was asked, saying why; declining twice changes nothing."""
    meeting = _asked_side(state, by)
    if meeting["status"] == "declined":
        return []
    _pending(meeting)
    not_closed(event)
    return [MeetingDeclined(event_id=meeting["event_id"], by=by, towards=meeting["by"], reason=reason)]


def evolve(state: Meeting | None, event: DomainEvent) -> Meeting:
    """Fold a domain event of a meeting."""
    if isinstance(event, MeetingRequested):
        fresh: dict[str, Any] = {"status": "requested", "reason": None, "attendance": None, "outcomes": [], "feedback": []}
        return {**event.model_dump(), **fresh}  # type: ignore[typeddict-item]
    assert state is not None, "a meeting begins with a request"
    if isinstance(event, attendance.TOLD):
        return {**state, **attendance.evolve(state, event)}  # type: ignore[typeddict-item]
    if isinstance(event, MeetingAccepted):
        return {**state, "status": "accepted"}
    assert isinstance(event, MeetingDeclined)
    return {**state, "status": "declined", "reason": event.reason}


def _check_request(asked: MeetingRequested, facts: Facts) -> None:
    if asked.by == asked.towards:
        raise invalid("towards", "oneself", it="non si incontra sé stessi", en="nobody meets itself")
    if asked.mode not in facts.event["modes"]:
        allowed = ", ".join(facts.event["modes"])
        raise invalid("mode", "mode", it=f"l'evento ammette: {allowed}", en=f"the event allows: {allowed}")
    not_closed(facts.event)
    _both_registered(asked.by, asked.towards, facts, fields=("by", "towards"))
    if asked.introduction_id is not None:
        _check_introduction(asked, facts.introduction)


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


def _both_registered(first: str, second: str, facts: Facts, fields: tuple[str, str]) -> None:
    for member, field in zip((first, second), fields, strict=True):
        if member not in facts.registered:
            raise refused("not-registered", field, it=f"{member} non è iscritto all'evento.", en=f"{member} is not registered.")


def _asked_side(state: Meeting | None, by: str) -> Meeting:
    if state is None:
        raise NotFound("meeting-unknown", it="Non c'è nessun incontro con questo id.", en="There is no meeting by this id.")
    if by != state["towards"]:
        raise refused("not-asked", "by", it="Risponde solo chi è stato invitato.", en="Only the side that was asked answers.")
    return state


def _pending(meeting: Meeting) -> None:
    if meeting["status"] != "requested":
        status = meeting["status"]
        raise Refusal("meeting-answered", it=f"L'incontro è già nello stato {status}.", en=f"The meeting is {status} already.")
