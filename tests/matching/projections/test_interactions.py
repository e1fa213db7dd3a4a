"""Folding introductions and meetings to what the ranking uses of them."""

from types import SimpleNamespace
from typing import cast

from services.matching.projections.interactions import (
    IntroductionRow,
    MeetingRow,
    changed_meetings,
    fold_introduction,
    fold_meeting,
)
from services.matching.ranking import Interaction
from services.matching.shortlist.inputs import interactions_from
from shared.chassis.inbox.message import Received
from shared.contracts.events import MeetingAccepted, MeetingCancelled, MeetingHeld, MeetingMissed, MeetingRequested, OutcomeRecorded
from shared.contracts.matching import InterestDeclined, InterestExpressed, IntroductionMade

RECEIVED = cast(Received, SimpleNamespace(id="m", sequence=1))
REQUEST = MeetingRequested(event_id="fair", mode="b2b", by="a", towards="b", others=("c",))
ACCEPTED = MeetingAccepted(event_id="fair", by="b", towards="a")


def meeting_after(*events: MeetingAccepted | MeetingHeld | MeetingMissed | MeetingCancelled | OutcomeRecorded) -> MeetingRow:
    row = fold_meeting("m", None, RECEIVED, REQUEST)
    for event in events:
        row = fold_meeting("m", row, RECEIVED, event)
    return row


def test_a_decline_stays_until_its_author_states_something_else() -> None:
    events = (
        (InterestDeclined(mode="b2b", by="b", towards="a", reason="no"), {"b": "other"}, False),
        (InterestExpressed(mode="b2b", by="a", towards="b"), {"b": "other"}, False),
        (InterestExpressed(mode="b2b", by="b", towards="a"), {}, False),
        (IntroductionMade(mode="b2b", members=("a", "b")), {}, True),
    )
    row = None
    for event, declined, introduced in events:
        row = fold_introduction("i", row, RECEIVED, event)
        assert row == IntroductionRow(("a", "b"), declined, introduced)


def test_a_request_alone_changes_no_ranking() -> None:
    assert list(changed_meetings(RECEIVED, REQUEST)) == []
    assert list(changed_meetings(RECEIVED, ACCEPTED)) == ["m"]


def test_a_meeting_is_agreed_until_it_is_cancelled_and_keeps_outcomes_by_member() -> None:
    assert not meeting_after().agreed
    assert meeting_after(ACCEPTED).agreed
    assert not meeting_after(ACCEPTED, MeetingCancelled(event_id="fair", by="a", reason="no")).agreed
    recorded = meeting_after(ACCEPTED, OutcomeRecorded(event_id="fair", by="a", outcome="nda"))
    assert recorded.outcomes == {"a": "nda"}


def test_who_was_absent_from_a_group_that_met_has_met_nobody() -> None:
    row = meeting_after(ACCEPTED, MeetingHeld(event_id="fair", absent=("c",)))
    interactions = interactions_from([], {"m": row})
    assert {interaction.towards: interaction.outcomes for interaction in interactions["a"]} == {"b": (None,), "c": ()}
    assert interactions["c"] == (Interaction("c", "a", arranged=True), Interaction("c", "b", arranged=True))
    assert meeting_after(ACCEPTED, MeetingHeld(event_id="fair", absent=("c",)), MeetingHeld(event_id="fair")).absent == ()
    assert meeting_after(ACCEPTED, MeetingMissed(event_id="fair", absent=("a",))).held is False
