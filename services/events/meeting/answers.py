"""Meetings as they are shown to a principal."""

from fastapi import Response

from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.access import hides_version
from services.events.meeting.schemas import MeetingAnswer
from services.events.meeting.state import Meeting
from services.events.permissions import manages
from shared.chassis.http.answers import answer_of, json_response, tagged
from shared.chassis.http.auth import Principal
from shared.chassis.writes.aggregate import Stored


def meeting_seen_by(principal: Principal, brokerage_event: Stored[BrokerageEvent], meeting: Stored[Meeting]) -> MeetingAnswer:
    """Show a meeting: its feedback to whoever gave it and to managers. Its version counts all of it: where there may be
    feedback of another side, it is shown to managers alone.

    Outcomes and feedback of a side that was absent after all are hidden, and kept in case the attendance is corrected.
    """
    state, is_manager = meeting.state, manages(principal, brokerage_event.state.districts)
    return answer_of(
        MeetingAnswer,
        meeting,
        version=None if hides_version(principal, brokerage_event, meeting) else meeting.version,
        outcomes=[outcome for outcome in state.outcomes if state.attended(outcome.by)],
        feedback=[
            feedback
            for feedback in state.feedback
            if state.attended(feedback.by) and (is_manager or principal.acts_for(feedback.by))
        ],
    )


def tagged_meeting(principal: Principal, brokerage_event: Stored[BrokerageEvent], meeting: Stored[Meeting]) -> Response:
    """Answer with a meeting, and its version as ETag where that is shown."""
    meeting_answer = meeting_seen_by(principal, brokerage_event, meeting)
    return json_response(meeting_answer) if meeting_answer.version is None else tagged(meeting_answer, meeting_answer.version)
