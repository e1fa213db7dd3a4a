"""A meeting, and what its events make of it: the request, its answers, the appointment, and what became of it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, TypeAlias, TypedDict, TypeVar

from services.events.agenda.rules.place_claims import place_claims
from services.events.errors import refused
from services.events.meeting.rules.request_checks import named
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    FeedbackGiven,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingExpired,
    MeetingHeld,
    MeetingJoined,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
)

Status = Literal["requested", "accepted", "declined", "expired", "cancelled"]
Place: TypeAlias = tuple[int, tuple[str, ...]]
"""A table, and who of each member sits there."""


class Meeting(TypedDict):
    """`by` asked `towards`, whatever happened since.

    `turns` count how often it was given an appointment or lost one, was called off, and agreed again: calendars are to know.
    """

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
    last_appointment: dict[str, Any] | None
    turns: int
    people: list[str]
    status: Status
    reason: str | None
    attendance: dict[str, Any] | None
    outcomes: list[dict[str, Any]]
    feedback: list[dict[str, Any]]


AnyMeeting = TypeVar("AnyMeeting", bound=Mapping[str, Any])


def sides(meeting: Mapping[str, Any]) -> tuple[str, ...]:
    """Name everybody in a meeting, who asked for it first."""
    return (meeting["by"], meeting["towards"], *meeting["others"])


def existing(meeting: AnyMeeting | None) -> AnyMeeting:
    """Return a meeting that there is. Raises NotFound."""
    if meeting is None:
        raise NotFound("meeting-unknown", it="Non c'è nessun incontro con questo id.", en="There is no meeting by this id.")
    return meeting


def agreed(state: AnyMeeting | None, by: str | None) -> AnyMeeting:
    """Return a meeting that is agreed on, of which `by` is a side; None for a manager. Raises NotFound and Refusal."""
    meeting = existing(state)
    if by is not None and by not in sides(meeting):
        raise refused("not-a-side", "by", it=f"{by} non è parte dell'incontro.", en=f"{by} is no side of the meeting.")
    if meeting["status"] != "accepted":
        raise Refusal("meeting-not-accepted", it="L'incontro non è concordato.", en="The meeting is not agreed on.")
    return meeting


def was_there(meeting: Mapping[str, Any], side: str) -> bool:
    """Tell whether a side was in a meeting that was held, by the word that counts: only then does what it said of it."""
    told = meeting["attendance"]
    return told is not None and told["held"] and side not in told["absent"]


def proposers(proposal: Mapping[str, Any] | None, slot: int, table: int | None) -> list[str]:
    """Name who proposes the same: the same slot, and no other table."""
    if proposal is None or proposal["slot"] != slot:
        return []
    return list(proposal["by"]) if proposal["table"] is None or table in (None, proposal["table"]) else []


def proposed_table(meeting: Mapping[str, Any], slot: int, table: int | None) -> int | None:
    """Say at which table the meeting would be: the one asked for, else the one the others ask for, else any."""
    proposal = meeting.get("proposal")
    return proposal["table"] if table is None and proposal and proposal["slot"] == slot else table


def come_though_unavailable(meeting: Mapping[str, Any], unavailable: Collection[str]) -> tuple[str, ...]:
    """Name the sides that are not available in the slot, and come: they, or a manager, said so."""
    return tuple(side for side in sides(meeting) if side in unavailable)


def evolve(state: Meeting | None, event: DomainEvent) -> Meeting:
    """Fold a domain event of a meeting."""
    if isinstance(event, MeetingRequested):
        after: dict[str, Any] = {"reason": None, "attendance": None, "outcomes": [], "feedback": []}
        fresh = {"status": "requested", "accepted": [], "appointment": None, "proposal": None, **after}
        kept = {"last_appointment": state.get("last_appointment") if state else None, "turns": _turns(state)}
        return {**event.model_dump(), **fresh, **kept}  # type: ignore[typeddict-item]
    assert state is not None, "a meeting begins with a request"
    if isinstance(event, MeetingHeld | MeetingMissed):
        return {**state, "attendance": attendance_of(event)}
    if isinstance(event, OutcomeRecorded):
        return {**state, "outcomes": _with_entry(state["outcomes"], event)}
    if isinstance(event, FeedbackGiven):
        return {**state, "feedback": _with_entry(state["feedback"], event)}
    if isinstance(event, AppointmentMade | AppointmentDropped | AppointmentProposed):
        return {**state, **_appointment(state, event)}  # type: ignore[typeddict-item]
    if isinstance(event, MeetingJoined | MeetingAccepted):
        status: Status = "accepted" if isinstance(event, MeetingAccepted) else state["status"]
        return {
            **state,
            "status": status,
            "accepted": [*state["accepted"], event.by],
            "turns": _turns(state) + (status == "accepted" and _turns(state) > 0),
            "people": named(state, event.by, event.person),
        }
    if isinstance(event, MeetingExpired):
        return {**state, "status": "expired"}
    assert isinstance(event, MeetingDeclined | MeetingCancelled)
    ended: Status = "declined" if isinstance(event, MeetingDeclined) else "cancelled"
    turns = _turns(state) + (state["status"] == "accepted")
    return {**state, "status": ended, "reason": event.reason, "appointment": None, "proposal": None, "turns": turns}


def claims(_id: str, state: Meeting) -> Iterable[str]:
    """Claim the people and the table of an appointment in its slot, just as an agenda does."""
    place = state["appointment"]
    return place_claims(state["event_id"], place["slot"], place["table"], place["people"]) if place else ()


def attendance_of(event: MeetingHeld | MeetingMissed) -> dict[str, Any]:
    """Write who was at a meeting, as it was told."""
    return {"held": isinstance(event, MeetingHeld), "by": event.by, "absent": sorted(event.absent)}


def entry_of(event: OutcomeRecorded | FeedbackGiven) -> dict[str, Any]:
    """Write what a side said of a meeting."""
    return event.model_dump(exclude={"event_id"})


def _appointment(state: Meeting, event: AppointmentMade | AppointmentDropped | AppointmentProposed) -> dict[str, Any]:
    """Return what changes in a meeting. The last appointment is kept when it is over: calendars are to take it back."""
    if isinstance(event, AppointmentMade):
        anyway = None if event.anyway is None else list(event.anyway)
        place = {"slot": event.slot, "table": event.table, "people": list(event.people), "anyway": anyway}
        return {"appointment": place, "proposal": None, "last_appointment": place, "turns": _turns(state) + 1}
    if isinstance(event, AppointmentDropped):
        return {"appointment": None, "proposal": None, "turns": _turns(state) + 1}
    before = [side for side in proposers(state.get("proposal"), event.slot, event.table) if side != event.by]
    table = proposed_table(state, event.slot, event.table)
    return {"proposal": {"slot": event.slot, "table": table, "by": [*before, event.by]}}


def _with_entry(entries: list[dict[str, Any]], event: OutcomeRecorded | FeedbackGiven) -> list[dict[str, Any]]:
    """Put what a side said in the place of what it said before."""
    others = [entry for entry in entries if entry["by"] != event.by]
    return sorted([*others, entry_of(event)], key=lambda entry: str(entry["by"]))


def _turns(state: Meeting | None) -> int:
    return state.get("turns", 0) if state else 0
