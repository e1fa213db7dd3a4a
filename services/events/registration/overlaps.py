"""Registrations of the same members at other brokerage events at the same time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.rules.overlaps import overlapping_slots
from services.events.brokerage.state import BrokerageEvent
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.state import Registration
from shared.chassis.mongo import Document, Mongo, Session
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregates


@dataclass(frozen=True)
class Overlap:
    """A registration at a parallel event; `slots` names, by slots of this event, those of the parallel one at the same time."""

    brokerage_event: Stored[BrokerageEvent]
    registration: Registration
    slots: Mapping[int, tuple[int, ...]]

    def common_slots(self, registration: Registration) -> list[int]:
        """The slots of this event in which a member is available here and there."""
        unavailable = set(self.registration.unavailable)
        return [
            slot for slot, parallel in self.slots.items() if slot not in registration.unavailable and set(parallel) - unavailable
        ]

    def may_be_same_person(self, registration: Registration) -> bool:
        """Whether somebody may be expected at both: a representative with the same id, or a side that names none."""
        own, parallel = ({person.id for person in state.representatives} for state in (registration, self.registration))
        return not own or not parallel or bool(own & parallel)


async def read_overlaps(
    mongo: Mongo,
    brokerage_event: Stored[BrokerageEvent],
    members: Iterable[str],
    session: Session | None = None,
    withdrawn: bool = False,
) -> list[Overlap]:
    """Read where else these members are registered or on standby, or have `withdrawn`, at the same time: at events not closed."""
    query: Document = {
        "state.member_id": {"$in": sorted(members)},
        "state.event_id": {"$ne": brokerage_event.id},
    }
    if not withdrawn:
        query["state.status"] = {"$ne": "withdrawn"}
    registrations = [stored.state for stored in await find_aggregates(mongo, REGISTRATION, query, session)]
    if not registrations:
        return []
    ids = sorted({registration.event_id for registration in registrations})
    open_events = {"_id": {"$in": ids}, "state.status": {"$nin": ["draft", "closed"]}}
    events = {stored.id: stored for stored in await find_aggregates(mongo, BROKERAGE, open_events, session)}
    slots = {id: overlapping_slots(brokerage_event.state, stored.state) for id, stored in events.items()}
    return [
        Overlap(events[registration.event_id], registration, slots[registration.event_id])
        for registration in registrations
        if slots.get(registration.event_id)
    ]
