"""Reading what an agenda is computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.events.agenda.queries import slots_in_agenda
from services.events.attendance.rules.no_shows import away_from
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.aggregate import MEETING
from services.events.meeting.state import sides
from services.events.registration.queries import registrations_of
from services.events.registration.state import Registration
from shared.chassis.mongo import ASCENDING, Document, Mongo, Session
from shared.chassis.writes.aggregate import Stored


@dataclass(frozen=True)
class Gathered:
    """What an agenda is computed from, as aggregate documents: the event, its accepted meetings, who takes part in them.

    `away` are those of them that did not come on the day on which this was read, with its slots.
    """

    event: Stored[BrokerageEvent]
    meetings: list[Document]
    registrations: list[Stored[Registration]]
    away: Mapping[str, frozenset[int]]


async def gathered(mongo: Mongo, event: str, now: datetime, session: Session | None = None) -> Gathered:
    """Read what an agenda is computed from, in the order of ids, and reckon who is there now. Raises NotFound."""
    document = await brokerage_event(mongo, event, session)
    accepted = mongo[MEETING.collection].find({"state.event_id": event, "state.status": "accepted"}, session=session)
    agreed = await accepted.sort("_id", ASCENDING).to_list(None)
    members = {side for meeting in agreed for side in sides(meeting["state"])}
    registrations = await registrations_of(mongo, event, members, session)
    told = [meeting for meeting in agreed if meeting["state"]["attendance"] is not None]
    placed = await slots_in_agenda(mongo, event, session) if told else {}
    away = away_from(document.state, told, [registration.state for registration in registrations], placed, now)
    return Gathered(document, agreed, registrations, away)
