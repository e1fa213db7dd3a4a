"""Meetings of the same people at other events at the same time: nobody is booked in two places at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from services.events.agenda.rules.place_claims import person_claim
from services.events.agenda.state import Agenda
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from services.events.registration.overlaps import Overlap, read_overlaps
from services.events.registration.rules.people import member_of
from shared.chassis.mongo import Index, Mongo, Session
from shared.chassis.writes.aggregate import Stored, Written
from shared.chassis.writes.claims import CLAIMS
from shared.chassis.writes.write_path import Alongside
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished, AppointmentMade

FENCES = "booking_fences"
"""A document for each member that was booked while it was registered at a parallel event."""
INDEXES: dict[str, list[Index]] = {FENCES: []}
Booking = tuple[int, Sequence[str]]
"""A slot, and who sits there."""


async def booked_elsewhere(
    mongo: Mongo, overlaps: Iterable[Overlap], session: Session | None = None, slots: Collection[int] | None = None
) -> dict[str, frozenset[int]]:
    """Read in which slots of this event, or of these `slots`, people have a meeting at a parallel event; by person."""
    by_event: dict[str, list[Overlap]] = defaultdict(list)
    for overlap in overlaps:
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


def not_in_two_places(mongo: Mongo, brokerage_event: Stored[BrokerageEvent], now: datetime) -> Alongside:
    """Check, in the transaction that books people, that none of them is booked at a parallel event in a slot to come.

    Of two bookings at once, at two events, one is retried and sees the other: both write the fence of the member.
    """

    async def check(session: Session, written: Written[object]) -> None:
        bookings = list(_bookings(written.events))
        people = {person for _, seated in bookings for person in seated}
        members = people | {member_of(person, ()) for person in people}
        if not members or not (overlaps := await read_overlaps(mongo, brokerage_event, members, session)):
            return
        for member in sorted({overlap.registration.member_id for overlap in overlaps}):
            await mongo[FENCES].update_one({"_id": member}, {"$inc": {"bookings": 1}}, upsert=True, session=session)
        coming = {slot.number for slot in brokerage_event.state.slots if slot.starts > now}
        booked = await booked_elsewhere(mongo, overlaps, session, coming & {slot for slot, _ in bookings})
        for slot, seated in bookings:
            for person in seated:
                if slot in booked.get(person, ()):
                    raise refused("person-elsewhere", "slot", person=person)

    return check


def _bookings(events: Iterable[DomainEvent]) -> Iterator[Booking]:
    for event in events:
        if isinstance(event, AppointmentMade):
            yield event.slot, event.people
        elif isinstance(event, AgendaPublished):
            yield from ((placement.slot, placement.seated) for placement in Agenda.from_event(event).placements)
