"""The rules of what became of an agreed meeting: held or missed, with which outcome, and how good it was."""

from collections.abc import Sequence

from services.events.errors import invalid, refused
from services.events.meeting.state import Meeting, agreed, attendance_of, entry_of, sides, was_there
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import FeedbackGiven, MeetingHeld, MeetingMissed, OutcomeRecorded


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
    now = attendance_of(said)
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
    return [] if entry_of(outcome) in meeting["outcomes"] else [outcome]


def give_feedback(state: Meeting | None, feedback: FeedbackGiven) -> Sequence[DomainEvent]:
    """Say how good a held meeting was to one side, or correct it; the same again changes nothing."""
    meeting = _held(state, feedback.by)
    return [] if entry_of(feedback) in meeting["feedback"] else [feedback]


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
