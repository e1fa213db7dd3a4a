"""Registrations as they are stored."""

from services.events.projections import MEMBERS
from services.events.registration.check_in_codes import KEYS
from services.events.registration.state import Registration, claims, evolve
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

REGISTRATION = Aggregate("registration", topics.REGISTRATIONS, "registrations", evolve, claims, state=Registration)
INDEXES: dict[str, list[Index]] = {
    REGISTRATION.collection: [
        ([("state.event_id", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("state.status", ASCENDING), ("state.since", ASCENDING), ("_id", ASCENDING)], {}),
        ([("state.event_id", ASCENDING), ("version", ASCENDING)], {}),
        ([("state.member_id", ASCENDING)], {}),
    ],
    MEMBERS.collection: [([("status", ASCENDING)], {})],
    KEYS: [],
}
