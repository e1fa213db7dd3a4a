"""The waiting list: registrations on standby are promoted when a place becomes free."""

from contextlib import suppress
from functools import partial

import structlog

from services.events.brokerage.rules.lifecycle import has_ended
from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.periodic_jobs import JobContext
from services.events.projections import members_by_id
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.parallel_bookings import not_back_in_two_places
from services.events.registration.queries import waiting_list
from services.events.registration.quotas import places_for
from services.events.registration.rules import participation
from services.events.registration.state import Registration
from services.events.rows import Member
from shared.chassis.errors import Claimed, Refusal
from shared.chassis.writes.aggregate import Stored

log = structlog.get_logger()


async def promote(context: JobContext, brokerage_event: Stored[BrokerageEvent]) -> None:
    """Give free places to those that wait longest, until the last slot is over.

    A full quota of one kind holds up nobody of another kind.
    """
    if has_ended(brokerage_event.state, context.clock()):
        return
    waiting = await waiting_list(context.mongo, brokerage_event.id)
    members = await members_by_id(context.mongo, [registration.state.member_id for registration in waiting])
    full: set[str] = set()
    for registration in waiting:
        member = members.get(registration.state.member_id)
        if member is None or not participation.is_approved(member) or member.kind in full:
            continue
        with suppress(Refusal):  # its person is at another event by now; the place is for the next
            if not await _offer_place(context, brokerage_event, registration, member):
                full.add(member.kind)


async def _offer_place(
    context: JobContext, brokerage_event: Stored[BrokerageEvent], registration: Stored[Registration], member: Member
) -> bool:
    """Offer a member a place; False where there is none."""
    while True:
        places = await places_for(context.mongo, brokerage_event.id, brokerage_event.state, member.kind)
        if places is None:
            return False
        rule = partial(participation.promote, places=places, brokerage_event=brokerage_event.state, member=member)
        with suppress(Claimed):  # another registration took the place meanwhile: choose among those left
            booked_once = not_back_in_two_places(context.mongo, brokerage_event, context.clock())
            await context.execute(REGISTRATION, registration.id, rule, brokerage_event, booked_once)
            log.info("promoted", event_id=brokerage_event.id, member_id=registration.state.member_id)
            return True
