"""The state of a meeting: its appointment, what calendars count, and whose statements count."""

from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    AppointmentDropped,
    AppointmentMade,
    AppointmentProposed,
    FeedbackGiven,
    MeetingAccepted,
    MeetingCancelled,
    MeetingExpired,
    MeetingHeld,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
)
from tests.events.meeting.rules.test_requests import after

REQUESTED = MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno", people=("anna:r1",))
ACCEPTED = MeetingAccepted(event_id="e", by="bruno", towards="anna", person="bruno:r2")
MADE = AppointmentMade(event_id="e", slot=2, table=1, people=("anna:r1", "bruno:r2"), anyway=("bruno",))
DROPPED = AppointmentDropped(event_id="e", slot=2, table=1, reason=LocalizedText(it="chiuso", en="closed"))
CANCELLED = MeetingCancelled(event_id="e", by="anna", reason="ill")


def test_who_accepts_sends_its_own_representative() -> None:
    assert after(REQUESTED, ACCEPTED).people == ("anna:r1", "bruno:r2")


def test_calendars_count_every_appointment_its_end_and_what_follows() -> None:
    steps: list[tuple[DomainEvent, int]] = [
        (REQUESTED, 0),
        (ACCEPTED, 0),
        (MADE, 1),
        (DROPPED, 2),
        (CANCELLED, 3),
        (REQUESTED, 3),
        (ACCEPTED, 4),
    ]
    events: list[DomainEvent] = []
    for event, sequence in steps:
        events.append(event)
        assert after(*events).calendar_sequence == sequence, event.TYPE


def test_the_last_appointment_is_kept_for_calendars_to_take_back() -> None:
    over = after(REQUESTED, ACCEPTED, MADE, CANCELLED, REQUESTED)
    assert over.appointment is None
    assert (over.last_appointment.slot, over.last_appointment.override_availability) == (2, ("bruno",))


def test_an_expired_request_was_never_in_a_calendar() -> None:
    expired = after(REQUESTED, MeetingExpired(event_id="e"))
    assert (expired.status, expired.calendar_sequence) == ("expired", 0)


def test_another_slot_is_another_proposal_and_the_same_one_adds_a_side() -> None:
    first = AppointmentProposed(event_id="e", by="anna", slot=2, table=1)
    same = AppointmentProposed(event_id="e", by="bruno", slot=2)
    other_slot = AppointmentProposed(event_id="e", by="bruno", slot=3)
    proposal = after(REQUESTED, ACCEPTED, first, same).proposal
    assert (proposal.slot, proposal.table, proposal.by) == (2, 1, ("anna", "bruno"))
    assert after(REQUESTED, ACCEPTED, first, other_slot).proposal.by == ("bruno",)


def test_the_newest_statement_of_each_side_counts() -> None:
    outcomes = [OutcomeRecorded(event_id="e", by=by, outcome=outcome) for by, outcome in (("bruno", "nda"), ("anna", "nothing"))]
    newer = OutcomeRecorded(event_id="e", by="bruno", outcome="agreement")
    held = after(REQUESTED, ACCEPTED, MeetingHeld(event_id="e"), *outcomes, newer, FeedbackGiven(event_id="e", by="anna", rating=4))
    assert [(outcome.by, outcome.outcome) for outcome in held.outcomes] == [("anna", "nothing"), ("bruno", "agreement")]
    assert held.attended("anna")
    missed = held.evolve(MeetingMissed(event_id="e", absent=("bruno",)))
    assert not missed.attended("anna")
    assert len(missed.outcomes) == 2, "kept, in case the attendance is corrected"
