"""Meetings of the same people at other events at the same time: nobody is booked in two places at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from services.events.brokerage.rules.place_claims import person_claim
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused_as
from services.events.registration.overlaps import Overlap, read_overlaps
from services.events.registration.rules.people import member_of
from services.events.registration.state import Registration
from shared.chassis.mongo import Index, Mongo, Session
from shared.chassis.writes.aggregate import Stored, Written
from shared.chassis.writes.claims import CLAIMS
from shared.chassis.writes.write_path import Alongside
from shared.contracts.events import ParticipantRegistered

FENCES = "booking_fences"
"""A document for each member that was booked, or came back, while it had a registration at a parallel event."""
INDEXES: dict[str, list[Index]] = {FENCES: []}


async def fenced_overlaps(
    mongo: Mongo, brokerage_event: Stored[BrokerageEvent], members: Iterable[str], session: Session
) -> list[Overlap]:
    """Read where else members are, or were, registered at the same time, and write the fence of each of them.

    Of two bookings at once, at two events, one is retried and sees the other: both write it. So does who returns to an event.
    """
    overlaps = await read_overlaps(mongo, brokerage_event, members, session, withdrawn=True)
    for member in sorted({overlap.registration.member_id for overlap in overlaps}):
        await mongo[FENCES].update_one({"_id": member}, {"$inc": {"bookings": 1}}, upsert=True, session=session)
    return overlaps


async def booked_elsewhere(
    mongo: Mongo, overlaps: Iterable[Overlap], session: Session | None = None, slots: Collection[int] | None = None
) -> dict[str, frozenset[int]]:
    """Read in which slots of this event, or of these `slots`, people have a meeting at a parallel event; by person.

    Who has withdrawn there meets nobody there.
    """
    by_event: dict[str, list[Overlap]] = defaultdict(list)
    for overlap in overlaps:
        if overlap.registration.status == "registered":
            by_event[overlap.brokerage_event.id].append(overlap)
    booked: dict[str, set[int]] = defaultdict(set)
    for event_id, parallel in by_event.items():
        members = {overlap.registration.member_id for overlap in parallel}
        for slot, parallel_slots in parallel[0].slots.items():
            for parallel_slot in parallel_slots if slots is None or slot in slots else ():
                for person in await _booked_in(mongo, event_id, parallel_slot, members, session):
                    booked[person].add(slot)
    return {person: frozenset(numbers) for person, numbers in booked.items()}


async def _booked_in(mongo: Mongo, event_id: str, slot: int, members: Collection[str], session: Session | None) -> list[str]:
    prefix = person_claim(event_id, slot, "")
    claims = mongo[CLAIMS].find({"_id": {"$gte": prefix, "$lt": f"{prefix}\uffff"}}, {"_id": 1}, session=session)
    people = [claim["_id"].removeprefix(prefix) async for claim in claims]
    return [person for person in people if member_of(person, members) in members]


def not_back_in_two_places(mongo: Mongo, brokerage_event: Stored[BrokerageEvent], now: datetime) -> Alongside:
    """Check, in the transaction that registers a member, that it is not booked at a parallel event for a meeting to come here.

    The agenda keeps the meetings of who withdrew until it is published without them, and they take place again when it returns.
    """

    async def check(session: Session, written: Written[Registration]) -> None:
        if not any(isinstance(event, ParticipantRegistered) and not event.again for event in written.events):
            return
        member = written.state.member_id
        overlaps = await fenced_overlaps(mongo, brokerage_event, [member], session)
        elsewhere = await booked_elsewhere(mongo, overlaps, session, slots_to_come(brokerage_event, now))
        for slot in sorted({slot for slots in elsewhere.values() for slot in slots}):
            for person in await _booked_in(mongo, brokerage_event.id, slot, {member}, session):
                if slot in elsewhere.get(person, ()):
                    raise refused_as("person-elsewhere", "member_id", "returns-elsewhere", person=person, slot=slot)

    return check


def slots_to_come(brokerage_event: Stored[BrokerageEvent], now: datetime) -> set[int]:
    """Name the slots that have not begun."""
    return {slot.number for slot in brokerage_event.state.slots if slot.starts > now}
