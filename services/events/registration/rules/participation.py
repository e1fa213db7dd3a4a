"""The rules of a registration: one member at one brokerage event."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from services.events.brokerage.rules.days import current_day, days_of, local_day
from services.events.brokerage.rules.lifecycle import answers_over, not_closed
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from services.events.registration.rules.validation import check_participation, check_unavailable
from services.events.registration.state import Registration
from services.events.rows import Member
from shared.chassis.documents import to_document
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AvailabilityChanged,
    CheckInUndone,
    ParticipantCheckedIn,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    ParticipantWithdrew,
    Participation,
    RequestsExpired,
    Unanswered,
)

Places: TypeAlias = tuple[str, ...] | None
"""The places a registration would take: none of them where the event has no quotas, None where there is none left."""

MOST_TOLD = 5000
"""Requests in one event, and far more than anybody has."""


def register(
    state: Registration | None,
    asked: Participation,
    event: BrokerageEvent,
    member: Member | None,
    places: Places,
    now: datetime,
    by_manager: bool = False,
) -> Sequence[DomainEvent]:
    """Register a member or put it on standby, or change how it takes part; the same again changes nothing.

    `event`, `member` (None where it is not known here) and `places` are as they were read for this command. Who is
    registered keeps its places, who waits keeps its turn. Once registration is closed only who is registered changes how it
    takes part, and only a manager brings somebody new.
    """
    check_participation(asked, event)
    not_closed(event)
    _check_open(event, by_manager or (state is not None and state.status == "registered"))
    if not is_approved(member):
        raise refused(
            "member-not-approved",
            "member_id",
            it="Qui non è noto alcun membro approvato con questo id; se è appena stato approvato, riprovare.",
            en="No approved member by this id is known here; if it was approved just now, try again.",
        )
    status = state.status if state else "withdrawn"
    how = {**asked.model_dump(include=set(Participation.model_fields)), "unavailable": tuple(sorted(asked.unavailable))}
    if state and status == "registered":
        return _unless_same(ParticipantRegistered(**how, places=state.places, again=True), state)
    if places is None and state and state.since and status == "standby":
        return _unless_same(ParticipantPutOnStandby(**how, since=state.since, again=True), state)
    if places is None:
        return [ParticipantPutOnStandby(**how, since=now)]
    return [ParticipantRegistered(**how, places=places)]


def comes_after(kind: str, waiting: Collection[str], full: Collection[str], limited: bool) -> bool:
    """Tell whether a newcomer of a kind has to wait for those who wait, by their kinds.

    Who waits for the same quota comes first, and where all places together are `limited`, whoever waits for one of those;
    who waits because the quota of its own kind is `full` holds up nobody of another.
    """
    return kind in waiting or (limited and bool(set(waiting) - set(full)))


def promote(
    state: Registration | None, places: tuple[str, ...], event: BrokerageEvent, member: Member | None
) -> Sequence[DomainEvent]:
    """Give a place that is free to who stands by; nothing changes for anybody else, nor for who is no approved member any more.

    Raises NotFound where there is no registration.
    """
    if state is None:
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    if state.status != "standby" or event.status == "closed" or not is_approved(member):
        return []
    return [ParticipantRegistered(**_participation(state), places=places)]


def withdraw(state: Registration | None, event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Withdraw a registration; withdrawing twice changes nothing. Raises NotFound where there is none."""
    if state is None:
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    if state.status == "withdrawn":
        return []
    not_closed(event)
    return [ParticipantWithdrew(event_id=state.event_id, member_id=state.member_id)]


def check_in(state: Registration | None, event: BrokerageEvent, now: datetime) -> Sequence[DomainEvent]:
    """Note that a registered participant is there on this day of the event; again on the same day changes nothing.

    Before its day nobody is there, unless the event was started: who is checked in then is there on that day. Raises NotFound
    where there is no such participant.
    """
    if state is None or state.status != "registered":
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    day = current_day(event, now)
    if day in days_there(state, event):
        return []
    not_closed(event)
    if local_day(event, now) < day and event.status != "running":
        raise Refusal(
            "event-not-begun",
            it=f"Il prossimo giorno dell'evento è il {day}: registrare le presenze quel giorno, o prima avviare l'evento.",
            en=f"The next day of the event is {day}: check people in on that day, or start the event before.",
        )
    return [ParticipantCheckedIn(event_id=state.event_id, member_id=state.member_id, day=day)]


def undo_check_in(state: Registration | None, event: BrokerageEvent, now: datetime) -> Sequence[DomainEvent]:
    """Take back that a participant was checked in today; where it was not, nothing changes.

    Raises NotFound where there is no such participant.
    """
    if state is None or state.status != "registered":
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    day = current_day(event, now)
    if day not in days_there(state, event):
        return []
    not_closed(event)
    return [CheckInUndone(event_id=state.event_id, member_id=state.member_id, day=day)]


def days_there(state: Registration, event: BrokerageEvent) -> tuple[str, ...]:
    """Name the days of the event on which a participant was checked in."""
    if not state.checked_in:
        return ()
    return state.checked_in_on or tuple(days_of(event)[:1])


def change_availability(state: Registration | None, unavailable: Sequence[int], event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Say in which slots a participant cannot meet anybody, whether or not registration is open; the same changes nothing."""
    if state is None or state.status != "registered":
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    not_closed(event)
    check_unavailable(unavailable, len(event.slots))
    wanted = tuple(sorted(unavailable))
    if wanted == state.unavailable:
        return []
    return [AvailabilityChanged(event_id=state.event_id, member_id=state.member_id, unavailable=wanted)]


def expire_requests(
    state: Registration | None, unanswered: Sequence[Unanswered], event: BrokerageEvent, now: datetime
) -> Sequence[DomainEvent]:
    """Tell a participant, once and all together, which of its requests were not accepted in time; again of a later deadline."""
    if state is None:
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    told = tuple(unanswered[:MOST_TOLD])
    if state.status != "registered" or _expiry_told(state, event) or not told or not answers_over(event, now):
        return []
    ids = {"event_id": state.event_id, "member_id": state.member_id}
    return [RequestsExpired(**ids, unanswered=told, until=event.requests_until)]


def _expiry_told(state: Registration, event: BrokerageEvent) -> bool:
    """Tell whether it was told at this deadline. At which one was not always kept."""
    until = state.expired_until
    return bool(state.requests_expired) and until in (None, event.requests_until)


def is_approved(member: Member | None) -> bool:
    """Tell whether it is known here as a member, and neither applies still nor has left."""
    return member is not None and member.status == "approved"


def _check_open(event: BrokerageEvent, also_later: bool) -> None:
    """Raise Refusal before registration was opened, and after it was closed unless this is allowed `also_later`."""
    if event.status == "registration-open":
        return
    if event.status not in ("registration-closed", "running"):
        it = "L'iscrizione non è ancora aperta: la apre un gestore dell'evento."
        raise Refusal("registration-not-open", it=it, en="Registration is not open yet: a manager of the event opens it.")
    if not also_later:
        raise Refusal(
            "registration-not-open",
            it="L'iscrizione è chiusa: chi è iscritto può cambiare come partecipa, un gestore può iscrivere altri.",
            en="Registration is closed: who is registered may change how it takes part, a manager may register others.",
        )


def _unless_same(told: ParticipantRegistered | ParticipantPutOnStandby, state: Registration) -> Sequence[DomainEvent]:
    own = {"places": state.places} if isinstance(told, ParticipantRegistered) else {"since": state.since}
    return [] if type(told).model_validate({**_participation(state), **own, "again": True}) == told else [told]


def _participation(state: Registration) -> dict[str, Any]:
    """Write how a member takes part as domain events have it."""
    document = to_document(state)
    return {name: document[name] for name in Participation.model_fields}
