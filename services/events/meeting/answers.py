"""Meetings as they are shown to a principal."""

from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.schemas import MeetingAnswer
from services.events.meeting.state import Meeting
from services.events.permissions import manages
from shared.chassis.http.answers import answer_of
from shared.chassis.http.auth import Principal
from shared.chassis.writes.aggregate import Stored


def meeting_seen_by(principal: Principal, brokerage_event: Stored[BrokerageEvent], meeting: Stored[Meeting]) -> MeetingAnswer:
    """Show a meeting: its feedback to whoever gave it and to managers.

    Outcomes and feedback of a side that was absent after all are hidden, and kept in case the attendance is corrected.
    """
    state, is_manager = meeting.state, manages(principal, brokerage_event.state.districts)
    return answer_of(
        MeetingAnswer,
        meeting,
        outcomes=[outcome for outcome in state.outcomes if state.attended(outcome.by)],
        feedback=[
            feedback
            for feedback in state.feedback
            if state.attended(feedback.by) and (is_manager or principal.acts_for(feedback.by))
        ],
    )
