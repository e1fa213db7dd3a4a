"""What the sides of a meeting are told about it. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.notifications.notices.context import (
    Facts,
    Known,
    Notice,
    addressed,
    occasion,
    others,
    place,
    representative,
    seats,
    slot_times,
)
from shared.contracts.events import (
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
    RequestsExpired,
)


def request(_id: str, _version: int, event: MeetingRequested, known: Known) -> Sequence[Notice]:
    """Tell those that are asked all that they agree to: with whom, who is to come, when and where, and how long they may."""
    invited = (event.towards, *event.others)
    asking, *asked = seats((event.by, *invited), event.people)
    facts = {
        "partner": known.names[event.by],
        "comes": representative(event.by, asking),
        "mode": event.mode,
        "until": _answered_until(event, known),
        **({} if event.slot is None else {"appointment": True, **place(known, event.slot, event.table)}),
    }
    return [
        Notice(
            "meeting-requested",
            one,
            {**addressed(one, known), **facts, "group": others(invited, one, known, asked), "own": representative(one, person)},
        )
        for one, person in zip(invited, asked, strict=True)
    ]


def acceptance(id: str, _version: int, event: MeetingAccepted, known: Known) -> Sequence[Notice]:
    """Tell everybody but the last to accept that the meeting is agreed, who asked as who asked; and when, if that was asked."""
    facts: Facts = {} if known.slot is None else {"appointment": True, **slot_times(known, known.slot)}
    return _answer(id, "meeting-accepted", event, known, facts)


def refusal(id: str, _version: int, event: MeetingDeclined, known: Known) -> Sequence[Notice]:
    """Tell everybody but who declines, with the reason, who asked as who asked."""
    return _answer(id, "meeting-declined", event, known, {"reason": event.reason})


def expiry(_id: str, _version: int, event: RequestsExpired, known: Known) -> Sequence[Notice]:
    """Tell the one that asked which of its requests were not answered in time, all in one."""
    partners = [", ".join(known.names[one] for one in unanswered.asked) for unanswered in event.unanswered]
    return [Notice("requests-expired", event.member_id, {**addressed(event.member_id, known), "partners": partners})]


def cancellation(id: str, _version: int, event: MeetingCancelled, known: Known) -> Sequence[Notice]:
    """Tell the other sides with the reason; all of them where the organisers do it, or somebody withdrew from the event."""
    facts: Facts = {"by": None if event.by is None else known.names[event.by], "organisers": event.by_manager}
    reason = {"reason": event.reason} if event.by or event.by_manager else {}
    return _sides(id, "meeting-cancelled", event.by, known, facts | reason)


def proposal(id: str, _version: int, event: AppointmentProposed, known: Known) -> Sequence[Notice]:
    """Tell the other sides which slot one proposes."""
    facts = {"by": known.names[event.by], **place(known, event.slot, event.table)}
    return _sides(id, "appointment-proposed", event.by, known, facts)


def appointment(id: str, _version: int, event: AppointmentMade, known: Known) -> Sequence[Notice]:
    """Tell all sides when and where they meet, and who of them goes there where they have several."""
    people = seats(known.meetings[id], event.people)
    told = _sides(id, "appointment", None, known, {**place(known, event.slot, event.table), "moved": event.moved})
    return [
        Notice(
            notice.template,
            side,
            {**notice.facts, "partner": others(known.meetings[id], side, known, people), "own": representative(side, person)},
        )
        for notice, side, person in zip(told, known.meetings[id], people, strict=True)
    ]


def appointment_off(id: str, _version: int, event: AppointmentDropped, known: Known) -> Sequence[Notice]:
    """Tell all sides that their appointment cannot take place, with the reason, and that the meeting stays agreed."""
    was = {**place(known, event.slot, event.table), "reason": event.reason.model_dump()}
    return _sides(id, "appointment-dropped", None, known, was)


def no_show(id: str, _version: int, event: MeetingHeld | MeetingMissed, known: Known) -> Sequence[Notice]:
    """Tell everybody but who said so: those who are said to have been absent too."""
    return [
        Notice(
            notice.template,
            notice.recipient,
            {**notice.facts, "you": notice.recipient in event.absent, "absent": others(event.absent, notice.recipient, known)},
        )
        for notice in _sides(id, "meeting-missed", event.by, known, {})
    ]


def absence(id: str, version: int, event: MeetingHeld, known: Known) -> Sequence[Notice]:
    """Tell those without whom the others of a group are said to have met."""
    return [notice for notice in no_show(id, version, event, known) if notice.facts["you"]]


def outcome(id: str, _version: int, event: OutcomeRecorded, known: Known) -> Sequence[Notice]:
    """Tell the other sides what one says has come of their meeting."""
    return _sides(id, "outcome", event.by, known, {"by": known.names[event.by], "outcome": event.outcome})


def _answered_until(event: MeetingRequested, known: Known) -> datetime:
    """Say until when a request can be accepted: by the deadline of its event, before its own slot, at the latest at the end."""
    moments: list[datetime | None] = [occasion(known)["ends"], known.brokerage.get("requests_until")]
    moments += [] if event.slot is None else [slot_times(known, event.slot)["starts"]]
    return min(one for one in moments if one is not None)


def _answer(id: str, template: str, event: MeetingAccepted | MeetingDeclined, known: Known, facts: Facts) -> Sequence[Notice]:
    """Tell all sides but who answers: an answer goes from who answers towards who asked."""
    notices = _sides(id, template, event.by, known, {"by": known.names[event.by], **facts})
    return [replace(one, facts={**one.facts, "asked": one.recipient == event.towards}) for one in notices]


def _sides(id: str, template: str, without: str | None, known: Known, facts: Facts) -> Sequence[Notice]:
    """Tell all sides but one."""
    return [
        Notice(
            template,
            side,
            {"name": known.names[side], **occasion(known), "partner": others(known.meetings[id], side, known), **facts},
        )
        for side in known.meetings[id]
        if side != without
    ]
