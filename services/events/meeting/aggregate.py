"""Meetings as they are stored."""

from services.events.meeting.state import Meeting, claims, evolve
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

MEETING = Aggregate("meeting", topics.MEETINGS, "meetings", evolve, claims, state=Meeting)
INDEXES: dict[str, list[Index]] = {
    MEETING.collection: [
        ([("state.event_id", ASCENDING), ("state.status", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.status", ASCENDING), ("state.event_id", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("version", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.appointment.slot", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.by", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.towards", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.others", ASCENDING)], {}),
    ],
}
