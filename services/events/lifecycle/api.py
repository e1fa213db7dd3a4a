"""The life of a brokerage event over HTTP: its phase, registration opened and closed, corrected, started, closed."""

from contextlib import suppress

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.brokerage.access import managed_event, visible_event
from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.announcement import LONGEST_OCCASION, OccasionReplacement
from services.events.brokerage.api import brokerage_event_answer
from services.events.brokerage.queries import check_owners_of_tables
from services.events.brokerage.rules import lifecycle
from services.events.brokerage.schemas import BrokerageEventAnswer, BrokerageEventInPhase
from services.events.brokerage.state import BrokerageEvent
from services.events.computation.dependencies import Worker
from services.events.dependencies import Jobs
from services.events.lifecycle.closing_report import closing_report
from services.events.lifecycle.phase import phase_of
from services.events.permissions import EventId, Visitor, may_manage_any
from services.events.registration.quotas import occupancy_of
from shared.chassis.errors import Refusal
from shared.chassis.http.answers import answer_of, tagged
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Run, Store
from shared.chassis.http.request_bodies import request_body
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.dependencies import RunningService
from shared.chassis.writes.aggregate import Decide

router = APIRouter(prefix="/brokerage-events", tags=["brokerage events"])


class ClosedTables(BaseModel):
    """The tables that cannot be used."""

    model_config = ConfigDict(extra="forbid")
    tables: list[int] = Field(max_length=500)


@router.get("/{id}", response_model=BrokerageEventInPhase)
async def read_event(id: EventId, store: Store, principal: Visitor) -> Response:
    """Read one brokerage event. Public; a draft is shown to its managers.

    `phase` is its status, or `scheduling` while an agenda is computed, or `published` once there is one and the day has not begun.
    """
    brokerage_event = await visible_event(store, principal, id)
    phase = await phase_of(store, brokerage_event)
    return tagged(answer_of(BrokerageEventInPhase, brokerage_event, phase=phase), brokerage_event.version)


@router.put("/{id}", response_model=BrokerageEventAnswer)
@request_body(limit=LONGEST_OCCASION, admit=may_manage_any)
async def correct(
    id: EventId, body: OccasionReplacement, principal: CurrentPrincipal, run: Run, store: Store, jobs: Jobs
) -> Response:
    """Correct an announced event until it is closed: the body is the whole of it, as of a draft.

    Title, venue, languages, deadline, places and quotas (not below what is taken), fairness and `repairs` change; there may be more
    slots, at the end, and more tables, and tables have other labels. Who takes part is told of another title, venue or deadline and
    of more slots.
    """
    brokerage_event = await managed_event(store, principal, id)
    await check_owners_of_tables(store, body, brokerage_event.state.special_tables)
    occupancy = await occupancy_of(store, id)
    answer = await run.run(
        BROKERAGE,
        id,
        lambda state: lifecycle.correct(state, body.occasion, occupancy, run.now),
        answer=brokerage_event_answer,
        district=brokerage_event.state.districts[0],
    )
    jobs.wake()
    return answer


@router.post("/{id}/open", response_model=BrokerageEventAnswer)
async def open_registration(id: EventId, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Open registration, for the first time or again."""
    return await _execute(id, lambda state: lifecycle.open_registration(state, run.now), principal, run, store)


@router.post("/{id}/close-registration", response_model=BrokerageEventAnswer)
async def close_registration(id: EventId, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Close registration; meetings may still be asked for and answered."""
    return await _execute(id, lifecycle.close_registration, principal, run, store)


@router.post("/{id}/start", response_model=BrokerageEventAnswer)
async def start(id: EventId, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Begin the day: registration is over."""
    return await _execute(id, lifecycle.start, principal, run, store)


@router.put("/{id}/closed-tables", response_model=BrokerageEventAnswer)
async def close_tables(
    id: EventId, body: ClosedTables, principal: CurrentPrincipal, run: Run, store: Store, jobs: Jobs
) -> Response:
    """Say which tables cannot be used from now on, all of them. The next agenda takes it into account.

    Appointments there get another table in the same slot, or are given up where none is free.
    """
    answer = await _execute(id, lambda state: lifecycle.close_tables(state, body.tables), principal, run, store)
    jobs.wake()
    return answer


@router.post("/{id}/close", response_model=BrokerageEventAnswer)
async def close(
    id: EventId, principal: CurrentPrincipal, run: Run, store: Store, worker: Worker, jobs: Jobs, service: RunningService
) -> Response:
    """Close the event: only what became of its meetings may still be told. Who met is thanked and asked for that.

    Meetings that were still to come are cancelled, open requests expire, and everybody is told, where the event ends before
    its time also who meets nobody.
    """
    brokerage_event = await managed_event(store, principal, id)
    # What is still computed must not be published behind what is read here.
    with suppress(Refusal):
        await worker.computations.cancel(id)
    closed = await closing_report(store, brokerage_event, service.clock())
    answer = await _execute(id, lambda state: lifecycle.close(state, closed), principal, run, store)
    jobs.wake()
    return answer


async def _execute(id: str, rule: Decide[BrokerageEvent], principal: CurrentPrincipal, run: Run, store: Mongo) -> Response:
    """Execute a command of the event's life, as a manager of one of its districts."""
    districts = (await managed_event(store, principal, id)).state.districts
    return await run.run(BROKERAGE, id, rule, answer=brokerage_event_answer, district=districts[0])
