"""Booking people where other events take place at the same time: nobody is booked in two places at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from services.events.agenda.state import Agenda
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import refused
from services.events.registration.parallel_bookings import booked_elsewhere, fenced_overlaps, slots_to_come
from services.events.registration.rules.people import member_of
from shared.chassis.mongo import Mongo, Session
from shared.chassis.writes.aggregate import Stored, Written
from shared.chassis.writes.write_path import Alongside
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished, AppointmentMade

Booking = tuple[int, Sequence[str]]
"""A slot, and who sits there."""


def not_in_two_places(mongo: Mongo, brokerage_event: Stored[BrokerageEvent], now: datetime) -> Alongside:
    """Check, in the transaction that books people, that none of them is booked at a parallel event in a slot to come."""

    async def check(session: Session, written: Written[object]) -> None:
        bookings = list(_bookings(written.events))
        people = {person for _, seated in bookings for person in seated}
        members = people | {member_of(person, ()) for person in people}
        if not members or not (overlaps := await fenced_overlaps(mongo, brokerage_event, members, session)):
            return
        coming = slots_to_come(brokerage_event, now)
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
