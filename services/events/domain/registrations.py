"""The rules of a registration: one member at one brokerage event."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from services.events.domain.brokerage import Brokerage, not_closed
from services.events.domain.refusals import invalid, refused
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import ParticipantCheckedIn, ParticipantRegistered, ParticipantWithdrew

Status = Literal["registered", "withdrawn"]


class Registration(TypedDict):
    event_id: str
    member_id: str
    unavailable: list[int]
    status: Status
    checked_in: bool


def register(
    state: Registration | None, asked: ParticipantRegistered, event: Brokerage, member: Mapping[str, Any] | None
) -> Sequence[DomainEvent]:
    """Register a member, or change when it is unavailable; the same again changes nothing.

    `event` and `member` (None where it is not known here) are as they were read for this command.
    """
    _check_unavailable(asked.unavailable, len(event["slots"]))
    not_closed(event)
    if event["status"] != "registration-open":
        raise Refusal("registration-not-open", it="L'iscrizione non è aperta.", en="Registration is not open.")
    if member is None or member["status"] != "approved":
        raise refused(
            "member-not-approved",
            "member_id",
            it="Qui non è noto alcun membro approvato con questo id; se è appena stato approvato, riprovare.",
            en="No approved member by this id is known here; if it was approved just now, try again.",
        )
    if state and state["status"] == "registered" and sorted(state["unavailable"]) == sorted(asked.unavailable):
        return []
    return [asked.model_copy(update={"unavailable": tuple(sorted(asked.unavailable))})]


def withdraw(state: Registration | None, event: Brokerage) -> Sequence[DomainEvent]:
    """Withdraw a registration; withdrawing twice changes nothing. Raises NotFound where there is none."""
    if state is None:
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    if state["status"] == "withdrawn":
        return []
    not_closed(event)
    return [ParticipantWithdrew(event_id=state["event_id"], member_id=state["member_id"])]


def check_in(state: Registration | None, event: Brokerage) -> Sequence[DomainEvent]:
    """Note that a registered participant is there; checking in twice changes nothing. Raises NotFound where there is none."""
    if state is None or state["status"] != "registered":
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    if state["checked_in"]:
        return []
    not_closed(event)
    return [ParticipantCheckedIn(event_id=state["event_id"], member_id=state["member_id"])]


def evolve(state: Registration | None, event: DomainEvent) -> Registration:
    """Fold a domain event of a registration."""
    if isinstance(event, ParticipantRegistered):
        there = state is not None and state["checked_in"]
        return {**event.model_dump(), "status": "registered", "checked_in": there}  # type: ignore[typeddict-item]
    assert state is not None, "a registration begins with registering"
    if isinstance(event, ParticipantCheckedIn):
        return {**state, "checked_in": True}
    assert isinstance(event, ParticipantWithdrew)
    return {**state, "status": "withdrawn", "checked_in": False}


def _check_unavailable(unavailable: Sequence[int], slots: int) -> None:
    for index, number in enumerate(unavailable):
        field = f"unavailable.{index}"
        if not 1 <= number <= slots:
            raise invalid(field, "slot", it=f"gli slot vanno da 1 a {slots}", en=f"slots run from 1 to {slots}")
        if number in unavailable[:index]:
            raise invalid(field, "unique", it=f"lo slot {number} compare due volte", en=f"slot {number} occurs twice")
