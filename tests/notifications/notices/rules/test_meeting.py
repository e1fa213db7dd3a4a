"""Which members of a meeting are notified of what one of them does."""

from dataclasses import replace

from services.notifications.notices.facts import Acceptance, MissedMeeting
from shared.contracts.base import LocalizedText
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
)
from tests.notifications.notices.rules.test_catalogue import CONTEXT, notices_of, recipients


def test_what_one_side_of_a_meeting_does_is_told_to_the_others() -> None:
    def all_but(by: str | None, template: str) -> list[tuple[str, str]]:
        return [(template, member) for member in ("a", "b", "c") if member != by]

    left = MeetingCancelled(event_id="e", reason="r", withdrawn=("b",))
    assert recipients(left) == all_but("b", "meeting-cancelled"), "it has a message of its withdrawal"
    for by in ("b", None):
        assert recipients(MeetingCancelled(event_id="e", by=by, reason="r")) == all_but(by, "meeting-cancelled")
        assert recipients(MeetingCancelled(event_id="e", reason="r", by_manager=True)) == all_but(None, "meeting-cancelled")
        assert recipients(MeetingMissed(event_id="e", by=by, absent=("a",))) == all_but(by, "meeting-missed")
    assert recipients(MeetingAccepted(event_id="e", by="b", towards="a")) == all_but("b", "meeting-accepted")
    assert recipients(MeetingDeclined(event_id="e", by="b", towards="a", reason="r")) == all_but("b", "meeting-declined")
    answers = [notice.facts for notice in notices_of(MeetingAccepted(event_id="e", by="b", towards="a"))]
    assert [(facts.by, facts.requested) for facts in answers if isinstance(facts, Acceptance)] == [
        ("Org b", True),
        ("Org b", False),
    ]
    assert recipients(AppointmentProposed(event_id="e", by="c", slot=2)) == all_but("c", "appointment-proposed")
    assert recipients(AppointmentMade(event_id="e", slot=2, table=1, people=("a", "b", "c"))) == all_but(None, "appointment")
    dropped = AppointmentDropped(event_id="e", slot=2, table=1, reason=LocalizedText(it="chiuso", en="closed"))
    assert recipients(dropped) == all_but(None, "appointment-dropped")
    assert recipients(OutcomeRecorded(event_id="e", by="a", outcome="nda")) == all_but("a", "outcome")
    assert recipients(MeetingHeld(event_id="e", by="b")) == []
    assert recipients(MeetingHeld(event_id="e", by="b", absent=("a",))) == [("meeting-missed", "a")]
    assert recipients(MeetingHeld(event_id="e", by="a", absent=("a",))) == [], "it said so itself"
    missed = [notice.facts for notice in notices_of(MeetingMissed(event_id="e", by="c", absent=("a",)))]
    assert [(facts.you, facts.absent) for facts in missed if isinstance(facts, MissedMeeting)] == [(True, ""), (False, "Org a")]


def test_who_did_not_want_to_meet_who_requests_is_sent_nothing() -> None:
    requested = MeetingRequested(event_id="e", mode="b2b", by="a", towards="b", others=("c",), unwilling=("b",))
    assert recipients(requested) == [("meeting-requested", "c")]
    for event in (
        MeetingDeclined(event_id="e", by="c", towards="a", reason="r"),
        MeetingCancelled(event_id="e", by="a", reason="r"),
    ):
        unaware = notices_of(event, replace(CONTEXT, unwilling={"a": ("b",)}))
        assert {notice.recipient for notice in unaware} == {"a", "c"} - {event.by}
