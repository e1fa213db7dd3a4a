"""A mail that waited is sent only where what it says is not over: template by template."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.mail.outdated import OUTCOMES, OUTDATED, Situation, is_outdated
from services.notifications.messages.ledger import About, Message, Origin, new_message
from services.notifications.notices.context import Notice, details
from services.notifications.notices.facts import (
    TEMPLATES,
    AboutEvent,
    AboutMeeting,
    Acceptance,
    AgendaFacts,
    Appointment,
    Cancellation,
    Closing,
    Correction,
    DroppedAppointment,
    Expiry,
    Introduction,
    ListedMeeting,
    MessageFacts,
    MissedMeeting,
    Outcome,
    Place,
    Proposal,
    Refusal,
    Request,
)
from services.notifications.read_models import Meeting, RecordedOutcome
from shared.contracts.base import LocalizedText
from tests.notifications.factories import BROKERAGE_EVENT

BEGINS, ENDS = BROKERAGE_EVENT.slots[0].starts, BROKERAGE_EVENT.slots[-1].ends
BEFORE = BEGINS - timedelta(days=1)
EVENT = details(BROKERAGE_EVENT)
PLACE = Place(BEGINS, BEGINS + timedelta(minutes=20), 1)
DEADLINE = BEGINS - timedelta(hours=2)
LISTED = ListedMeeting("Org b", "", PLACE, appointment=False)
WORDS = LocalizedText(it="Chiuso", en="Closed")
FACTS: dict[str, MessageFacts] = {
    "welcome": MessageFacts("Org a"),
    "introduction": Introduction("Org a", "Org b", "b2b"),
    "meeting-requested": Request("Org a", EVENT, "Org b", "b2b", "", "", "", DEADLINE, None),
    "meeting-accepted": Acceptance("Org a", EVENT, "Org b", "Org b", True, None),
    "meeting-declined": Refusal("Org a", EVENT, "Org b", "Org b", True, "no"),
    "meeting-cancelled": Cancellation("Org a", EVENT, "Org b", None, True, None),
    "meeting-missed": MissedMeeting("Org a", EVENT, "Org b", True, ""),
    "requests-expired": Expiry("Org a", EVENT, ("Org b",)),
    "appointment-proposed": Proposal("Org a", EVENT, "Org b", "Org b", PLACE),
    "appointment": Appointment("Org a", EVENT, "Org b", "", PLACE, False),
    "appointment-dropped": DroppedAppointment("Org a", EVENT, "Org b", PLACE, WORDS),
    "outcome": Outcome("Org a", EVENT, "Org b", "Org b", "nda"),
    "agenda": AgendaFacts("Org a", EVENT, 1, (LISTED,), (), ()),
    "event-corrected": Correction("Org a", EVENT, None, ("venue",)),
    "event-closed": Closing("Org a", EVENT, (LISTED,), (), (), "over"),
}
OF_MEETING = [template for template, facts in FACTS.items() if isinstance(facts, AboutMeeting)]


def message(template: str, facts: MessageFacts | None = None) -> Message:
    """The message to a, as the second event of its aggregate."""
    about = About("fair", "m1" if template in OF_MEETING else None, ("a", "b") if template == "introduction" else (), "b", 2)
    described = facts or FACTS.get(template) or AboutEvent("Org a", EVENT)
    return new_message(Notice(template, "a", described), Origin("e1", "c", BEFORE, about), BEFORE, 86_400)


def situation(now: datetime = BEFORE, status: str = "registration-open", **changes: Any) -> Situation:
    """The event as it is in this status, the meeting as the message told of it."""
    event = replace(BROKERAGE_EVENT, status=status)
    return replace(Situation(now, ("approved", "approved"), event, Meeting(("a", "b"), None, (), changed=2)), **changes)


def test_each_template_says_when_it_is_over() -> None:
    assert OUTDATED.keys() == TEMPLATES.keys()


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_message_that_still_holds_is_not_outdated(template: str) -> None:
    status = {"event-announced": "announced", "outcome": "closed", "meeting-missed": "closed", "event-closed": "closed"}
    now = ENDS + timedelta(hours=1) if status.get(template) == "closed" else BEFORE
    expected = template == "checked-in"
    assert is_outdated(message(template), situation(now, status.get(template, "registration-open"))) is expected


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.keys() - {"welcome", "introduction", "event-closed", "outcome", "meeting-missed"})
)
@pytest.mark.parametrize(("now", "status"), [(BEFORE, "closed"), (ENDS, "running"), (ENDS, "registration-open")])
def test_after_the_event_nothing_is_told_as_if_it_were_to_come(template: str, now: datetime, status: str) -> None:
    assert is_outdated(message(template), situation(now, status))


@pytest.mark.parametrize("template", ["outcome", "meeting-missed", "event-closed"])
def test_what_outlasts_the_event_is_over_a_month_later(template: str) -> None:
    assert not is_outdated(message(template), situation(ENDS + OUTCOMES - timedelta(hours=1), "closed"))
    assert is_outdated(message(template), situation(ENDS + OUTCOMES, "closed"))


def test_a_closing_without_meetings_is_over_with_the_time_of_the_event() -> None:
    cancelled = message("event-closed", Closing("Org a", EVENT, (), (), (), "cancelled"))
    assert not is_outdated(cancelled, situation(BEFORE, "closed"))
    assert is_outdated(cancelled, situation(ENDS, "closed"))


@pytest.mark.parametrize("status", ["announced", "registration-closed", "running"])
def test_registration_is_open_only_while_it_is(status: str) -> None:
    assert is_outdated(message("registration-open"), situation(status=status))
    assert is_outdated(message("event-announced"), situation(status=status)) is (status != "announced")


@pytest.mark.parametrize("template", sorted(set(OF_MEETING) - {"outcome"}))
def test_a_meeting_that_changed_since_is_told_as_it_is_now(template: str) -> None:
    assert is_outdated(message(template), situation(meeting=Meeting(("a", "b"), None, (), changed=3)))


def test_a_request_is_over_when_the_recipient_joined_or_the_deadline_passed() -> None:
    group = Meeting(("a", "b", "c"), None, (), changed=2, joined=("c",))
    assert not is_outdated(message("meeting-requested"), situation(meeting=group))
    assert is_outdated(message("meeting-requested"), situation(meeting=replace(group, joined=("c", "a"))))
    assert is_outdated(message("meeting-requested"), situation(DEADLINE))


@pytest.mark.parametrize("template", ["appointment", "appointment-proposed"])
def test_an_appointment_is_over_when_its_slot_has_begun(template: str) -> None:
    assert is_outdated(message(template), situation(BEGINS, "running"))


def test_an_outcome_is_over_when_the_same_side_recorded_another() -> None:
    def recorded(by: str, sequence: int) -> Situation:
        return situation(status="closed", meeting=Meeting(("a", "b"), None, (), 1, (), (RecordedOutcome(by, sequence),)))

    assert [is_outdated(message("outcome"), recorded(*newest)) for newest in [("b", 2), ("a", 3), ("b", 3)]] == [False, False, True]


@pytest.mark.parametrize("template", ["registration", "standby", "withdrawal", "agenda"])
def test_the_newest_of_its_kind_replaces_it(template: str) -> None:
    assert is_outdated(message(template), situation(replaced=True))


def test_a_correction_is_over_when_nothing_it_told_holds() -> None:
    moved = replace(BROKERAGE_EVENT, venue="Altrove", status="announced")
    of_two_fields = Correction("Org a", EVENT, None, ("venue", "title"))
    assert is_outdated(message("event-corrected"), situation(brokerage_event=moved))
    assert not is_outdated(message("event-corrected", of_two_fields), situation(brokerage_event=moved))
    until = message("event-corrected", Correction("Org a", EVENT, DEADLINE, ("requests_until",)))
    with_deadline = replace(BROKERAGE_EVENT, requests_until=DEADLINE)
    assert not is_outdated(until, situation(brokerage_event=with_deadline))
    assert is_outdated(until, situation(DEADLINE, brokerage_event=with_deadline))


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_who_is_no_member_any_more_gets_no_mail(template: str) -> None:
    assert is_outdated(message(template), situation(statuses=("withdrawn",)))
    assert is_outdated(message(template), situation(statuses=("approved", "withdrawn"))), "nor is it introduced to one"


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.keys() - {"checked-in", "meeting-requested", "appointment", "appointment-proposed"})
)
def test_of_what_nothing_is_known_nothing_is_over(template: str) -> None:
    assert not is_outdated(message(template), Situation(datetime(2030, 1, 1, tzinfo=UTC)))
