"""The rules of what became of an agreed meeting: held or missed, with which outcome, and how good it was."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from services.events.errors import invalid, refused
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import FeedbackGiven, MeetingHeld, MeetingMissed, OutcomeRecorded

Told: TypeAlias = MeetingHeld | MeetingMissed | OutcomeRecorded | FeedbackGiven
TOLD = (MeetingHeld, MeetingMissed, OutcomeRecorded, FeedbackGiven)
Meeting: TypeAlias = Mapping[str, Any]
AnyMeeting = TypeVar("AnyMeeting", bound=Mapping[str, Any])


def sides(meeting: Meeting) -> tuple[str, ...]:
    """Name everybody in a meeting, who asked for it first."""
    return (meeting["by"], meeting["towards"], *meeting["others"])


def existing(meeting: AnyMeeting | None) -> AnyMeeting:
    """Return a meeting that there is. Raises NotFound."""
    if meeting is None:
        raise NotFound("meeting-unknown", it="Non c'è nessun incontro con questo id.", en="There is no meeting by this id.")
    return meeting


def agreed(state: Meeting | None, by: str | None) -> Meeting:
    """Return a meeting that is agreed on, of which `by` is a side; None for a manager. Raises NotFound and Refusal."""
    meeting = existing(state)
    if by is not None and by not in sides(meeting):
        raise refused("not-a-side", "by", it=f"{by} non è parte dell'incontro.", en=f"{by} is no side of the meeting.")
    if meeting["status"] != "accepted":
        raise Refusal("meeting-not-accepted", it="L'incontro non è concordato.", en="The meeting is not agreed on.")
    return meeting


def tell(state: Meeting | None, said: MeetingHeld | MeetingMissed, begun: bool | None) -> Sequence[DomainEvent]:
    """Tell that a meeting was held or missed, also after the event; the same again changes nothing.

    The first word stands. The side that said it may change it; the other side may not contradict it; a manager decides, and
    after that only a manager changes it. Who told an outcome was there, which no side denies any more; where a manager
    does, the outcome counts no longer. `begun` is None where the meeting has no place.
    """
    meeting = agreed(state, said.by)
    if begun is None:
        raise Refusal(
            "meeting-not-placed", it="L'incontro non ha un posto in agenda.", en="The meeting has no place in the agenda."
        )
    if not begun:
        raise Refusal("meeting-not-begun", it="L'incontro non è ancora cominciato.", en="The meeting has not begun yet.")
    _check_absent(said, meeting)
    before = meeting["attendance"]
    now = _attendance(said)
    if before is None:
        return [said]
    if (before["held"], before["absent"]) == (now["held"], now["absent"]):
        return []
    if said.by is None:
        return [said]
    if any(was_there(meeting, one["by"]) and not was_there({"attendance": now}, one["by"]) for one in meeting["outcomes"]):
        raise Refusal(
            "has-outcome",
            it="L'incontro ha già un esito: si è tenuto. Se non è così, decide un gestore dell'evento.",
            en="The meeting has an outcome: it was held. If that is not so, a manager of the event decides.",
        )
    if said.by != before["by"]:
        raise refused(
            "attendance-told",
            "by",
            it="Altri hanno già detto diversamente: decide un gestore dell'evento.",
            en="Somebody else has said otherwise: a manager of the event decides.",
        )
    return [said]


def record_outcome(state: Meeting | None, outcome: OutcomeRecorded) -> Sequence[DomainEvent]:
    """Record what came of a held meeting for one side, or correct it; the same again changes nothing."""
    meeting = _held(state, outcome.by)
    return [] if _entry(outcome) in meeting["outcomes"] else [outcome]


def give_feedback(state: Meeting | None, feedback: FeedbackGiven) -> Sequence[DomainEvent]:
    """Say how good a held meeting was to one side, or correct it; the same again changes nothing."""
    meeting = _held(state, feedback.by)
    return [] if _entry(feedback) in meeting["feedback"] else [feedback]


def was_there(meeting: Meeting, side: str) -> bool:
    """Tell whether a side was in a meeting that was held, by the word that counts: only then does what it said of it."""
    told = meeting["attendance"]
    return told is not None and told["held"] and side not in told["absent"]


def evolve(state: Meeting, event: Told) -> dict[str, Any]:
    """Return what changes in a meeting."""
    if isinstance(event, MeetingHeld | MeetingMissed):
        return {"attendance": _attendance(event)}
    part = "outcomes" if isinstance(event, OutcomeRecorded) else "feedback"
    others = [one for one in state[part] if one["by"] != event.by]
    return {part: sorted([*others, _entry(event)], key=lambda one: str(one["by"]))}


def _attendance(said: MeetingHeld | MeetingMissed) -> dict[str, Any]:
    return {"held": isinstance(said, MeetingHeld), "by": said.by, "absent": sorted(said.absent)}


def _entry(event: OutcomeRecorded | FeedbackGiven) -> dict[str, Any]:
    return event.model_dump(exclude={"event_id"})


def _check_absent(said: MeetingHeld | MeetingMissed, meeting: Meeting) -> None:
    for number, member in enumerate(said.absent):
        if member not in sides(meeting) or member in said.absent[:number]:
            raise invalid(f"absent.{number}", "side", it="dev'essere un partecipante, una volta", en="must be a side, once")
    if isinstance(said, MeetingHeld) and len(sides(meeting)) - len(said.absent) < 2:
        it, en = "con meno di due presenti l'incontro è mancato", "with fewer than two there the meeting was missed"
        raise invalid("absent", "present", it=it, en=en)


def _held(state: Meeting | None, by: str) -> Meeting:
    meeting = agreed(state, by)
    if meeting["attendance"] is None or not meeting["attendance"]["held"]:
        raise Refusal(
            "meeting-not-held", it="Prima va detto che l'incontro si è tenuto.", en="First say that the meeting was held."
        )
    if not was_there(meeting, by):
        raise refused(
            "was-absent",
            "by",
            it=f"Risulta che {by} non c'era: se non è così, va detto prima.",
            en=f"It was told that {by} was not there: if that is not so, say so first.",
        )
    return meeting
