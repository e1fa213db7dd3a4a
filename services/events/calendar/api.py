"""Calendar feeds over HTTP, and the addresses that calendar programs subscribe to."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.events.agenda_view.parameters import OfRepresentative, RequestedLanguage, person_of
from services.events.agenda_view.timetable import details_of
from services.events.brokerage.access import event_acted_at
from services.events.brokerage.queries import read_brokerage_event
from services.events.calendar.history import as_corrected, read_entries, with_withdrawals
from services.events.calendar.ics import feed
from services.events.calendar.schemas import CalendarAddress, CalendarPath
from services.events.calendar.subscriptions import Addressee, CalendarAddresses
from services.events.permissions import EventId
from services.events.projections import contact_language, names
from services.events.registration.queries import known_registration, labels, registrations_of
from shared.chassis.http.answers import json_response
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store
from shared.chassis.http.etag import UNCHANGED, IfNoneMatch, tag_matches, tag_of
from shared.chassis.runtime.dependencies import RunningService
from shared.contracts.base import Id

router = APIRouter(tags=["calendars"])
ADDRESS = "/brokerage-events/{id}/agenda/{member}/calendar-address"
NO_STORE = {"Cache-Control": "no-store"}
Secret = Annotated[str, Path(min_length=1, max_length=100, description="The secret part of the address.")]


class Ics(Response):
    """A calendar."""

    media_type = "text/calendar"


async def _addresses(service: RunningService) -> CalendarAddresses:
    return CalendarAddresses(service.mongo, service.clock)


Addresses = Annotated[CalendarAddresses, Depends(_addresses)]


@router.post(ADDRESS, status_code=201, response_model=CalendarPath)
async def open_address(
    id: EventId, member: Id, principal: CurrentPrincipal, store: Store, addresses: Addresses, request: Request
) -> Response:
    """Give out the address of a participant's calendar; the member itself or a manager.

    It needs no token: whoever knows it reads the calendar. It is shown only now; asking again gives another and ends
    this one. `?lang=it` or `en` may be put behind it, and `?representative=` for the calendar of one of several.
    """
    await event_acted_at(store, principal, id, member)
    await known_registration(store, id, member)
    secret = await addresses.open(Addressee(id, member), principal.subject)
    path = request.url_for("read_calendar", secret=secret).path
    return json_response(CalendarPath(event_id=id, member_id=member, path=path), 201, NO_STORE)


@router.get(ADDRESS, response_model=CalendarAddress)
async def read_address(id: EventId, member: Id, principal: CurrentPrincipal, store: Store, addresses: Addresses) -> Response:
    """Read since when there is an address, and who gave it out or revoked it; never the address itself."""
    await event_acted_at(store, principal, id, member)
    address = await addresses.read(Addressee(id, member))
    return json_response(CalendarAddress.model_validate(address), headers=NO_STORE)


@router.delete(ADDRESS, response_model=CalendarAddress)
async def revoke_address(id: EventId, member: Id, principal: CurrentPrincipal, store: Store, addresses: Addresses) -> Response:
    """Revoke the address: from now on it shows nothing. Revoking it twice changes nothing."""
    await event_acted_at(store, principal, id, member)
    addressee = Addressee(id, member)
    await addresses.revoke(addressee, principal.subject)
    return json_response(CalendarAddress.model_validate(await addresses.read(addressee)), headers=NO_STORE)


@router.get("/calendars/{secret}.ics", response_class=Ics, responses=UNCHANGED)
async def read_calendar(
    secret: Secret,
    store: Store,
    addresses: Addresses,
    requested_language: RequestedLanguage,
    representative: OfRepresentative = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Read a participant's calendar (RFC 5545): its meetings, and as cancelled those that no longer take place.

    In the language of `lang`, else of Accept-Language, else of the participant's contact: most calendar programs ask for none.
    With `representative` only those that this one goes to: a meeting that is another's now is in the other's calendar.
    """
    addressee = await addresses.find(secret)
    language = requested_language or await contact_language(store, addressee.member) or "en"
    brokerage_event = await read_brokerage_event(store, addressee.event)
    entries = await read_entries(store, addressee.event, addressee.member)
    members = {member for entry in entries for member in entry.members}
    registrations = await registrations_of(store, addressee.event, members)
    entries = as_corrected(brokerage_event, with_withdrawals(entries, registrations, brokerage_event))
    details = details_of(brokerage_event.state, await names(store, members), await labels(store, addressee.event, members))
    person = await person_of(
        store, addressee.event, addressee.member, representative, (entry.person(addressee.member) for entry in entries)
    )
    written = await asyncio.to_thread(feed, details, addressee.member, entries, language, person)
    headers = {
        "ETag": tag_of(written),
        "Cache-Control": "private, no-cache",
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    if tag_matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Ics(written, headers={**headers, "Content-Disposition": 'inline; filename="agenda.ics"'})
