"""Aggregates as they stand in the database, put there by tests of what reads them."""

from datetime import datetime
from typing import TypeVar

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.state import Agenda
from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.aggregate import MEETING
from services.events.meeting.state import Meeting
from services.events.projections import MEMBERS
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.state import Registration
from services.events.rows import MemberStatus
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Aggregate, Stored
from tests.events.factories import LONG_BEFORE

S = TypeVar("S")


async def put(mongo: Mongo, aggregate: Aggregate[S], id: str, state: S, changed: datetime = LONG_BEFORE) -> Stored[S]:
    """Store an aggregate, and return it as it is read."""
    document = {"_id": id, "version": 1, "evolve": aggregate.revision, "changed": changed, "state": aggregate.dump(state)}
    await mongo[aggregate.collection].replace_one({"_id": id}, document, upsert=True)
    return aggregate.read(document)


async def put_event(mongo: Mongo, state: BrokerageEvent, id: str = "e") -> Stored[BrokerageEvent]:
    """Store a brokerage event."""
    return await put(mongo, BROKERAGE, id, state)


async def put_agenda(mongo: Mongo, agenda: Agenda) -> Stored[Agenda]:
    """Store the newest version of an agenda."""
    return await put(mongo, AGENDA, agenda.event_id, agenda)


async def put_meetings(mongo: Mongo, *meetings: Stored[Meeting]) -> None:
    """Store meetings."""
    for meeting in meetings:
        await put(mongo, MEETING, meeting.id, meeting.state)


async def put_registrations(mongo: Mongo, *registrations: Stored[Registration]) -> None:
    """Store registrations, under the ids they have."""
    for registration in registrations:
        state = registration.state
        await put(mongo, REGISTRATION, registration_id(state.event_id, state.member_id), state)


async def put_member(mongo: Mongo, id: str, status: MemberStatus = "approved", kind: str = "sme") -> None:
    """Store what is known of a member of the marble district."""
    row = {"name": f"Firm {id}", "kind": kind, "status": status, "districts": ["marble"]}
    await mongo[MEMBERS.collection].replace_one({"_id": id}, row, upsert=True)
