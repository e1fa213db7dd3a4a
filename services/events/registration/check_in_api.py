"""Checking in over HTTP: codes, and who is there."""

from fastapi import APIRouter, Response

from services.events.brokerage.access import event_acted_at, managed_event
from services.events.permissions import EventId
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.api import registration_answer
from services.events.registration.check_in_codes import check_code, code_of, picture_of, text_of
from services.events.registration.queries import registration, registration_id
from services.events.registration.rules import participation
from services.events.registration.schemas import CheckIn, CheckInCode, RegistrationAnswer
from services.events.schemas import Svg
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.http.commands import Run, Store
from shared.chassis.mongo import Mongo
from shared.contracts.base import Id

router = APIRouter(prefix="/brokerage-events/{id}/registrations/{member}", tags=["registrations"])


@router.get("/check-in")
async def read_code(id: EventId, member: Id, principal: CurrentPrincipal, store: Store) -> CheckInCode:
    """Read a participant's check-in code, and the text that is in its QR picture; the member itself or a manager."""
    code = await _code(id, member, principal, store)
    return CheckInCode(code=code, text=text_of(id, member, code))


@router.get("/check-in.svg", response_class=Svg)
async def draw_code(id: EventId, member: Id, principal: CurrentPrincipal, store: Store) -> Response:
    """Draw a participant's check-in code as a QR picture; the member itself or a manager."""
    code = await _code(id, member, principal, store)
    return Svg(picture_of(text_of(id, member, code)))


@router.post("/check-in", response_model=RegistrationAnswer)
async def check_in(id: EventId, member: Id, body: CheckIn, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Check a participant in for today by what it shows, the text of its QR picture or the code alone; managers.

    Before its day only where the event was started.
    """
    brokerage_event = await managed_event(store, principal, id)
    await check_code(store, id, member, body.code)
    return await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: participation.check_in(state, brokerage_event.state, run.now),
        answer=registration_answer,
        district=brokerage_event.state.districts[0],
    )


@router.delete("/check-in", response_model=RegistrationAnswer)
async def undo_check_in(id: EventId, member: Id, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Undo today's check-in of a participant, after a wrong badge or a rehearsal; managers. Nobody is notified."""
    brokerage_event = await managed_event(store, principal, id)
    return await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: participation.undo_check_in(state, brokerage_event.state, run.now),
        answer=registration_answer,
        district=brokerage_event.state.districts[0],
    )


async def _code(id: str, member: str, principal: Principal, store: Mongo) -> str:
    await event_acted_at(store, principal, id, member)
    await registration(store, id, member)
    return await code_of(store, id, member)
