"""Computes an agenda and publishes it; where its input changed meanwhile, repairs it first."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.agenda.rules.publication import input_for, input_of
from services.events.agenda.state import Agenda, agenda_of, event_of
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.rules.lifecycle import not_closed
from services.events.computation.problem_builder import ProblemBuilder, SearchOptions, digest_of
from services.events.computation.protocol import SolvedSchedule, SolverOutcome, SolverTask
from services.events.computation.queue import Computation, Computations
from services.events.computation.rules import check_computable
from services.events.computation.scheduling_input import Gathered, gathered
from services.events.computation.solver_client import ProgressListener, SolverFailed
from services.events.projections import names
from shared.chassis.errors import Refusal
from shared.chassis.mongo import Mongo, Session
from shared.chassis.outbox.cause import Cause
from shared.chassis.writes.aggregate import Written
from shared.chassis.writes.queries import find_aggregate
from shared.chassis.writes.write_path import WritePath
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished

log = structlog.get_logger()
MAX_ROUNDS = 10
"""The first computes, the others repair its result."""
REPAIR_SECONDS = 10.0
"""The longest time limit of such a repair."""
MAX_AGENDA_BYTES = 900_000
"""Of an agenda as an event: Kafka takes a record of one megabyte."""


class InputChanged(Exception):
    """Somebody registered, withdrew, accepted or declined while the agenda was computed, or a slot of it has begun."""


@dataclass(frozen=True)
class ComputedAgenda:
    """An agenda to publish, which moves meetings in slots from `next_slot` on."""

    agenda: AgendaPublished
    next_slot: int


Solve = Callable[[SolverTask, ProgressListener], Awaitable[SolverOutcome]]


class AgendaPublisher:
    """Computes and publishes agendas for the holder of their computation; `solve` finds their schedules."""

    def __init__(
        self, mongo: Mongo, write: WritePath, clock: Callable[[], datetime], solve: Solve, computations: Computations
    ) -> None:
        self._mongo = mongo
        self._write = write
        self._clock = clock
        self._solve = solve
        self._computations = computations

    async def publish(self, computation: Computation, listener: ProgressListener) -> int:
        """Compute until the input holds still, and publish; return the agenda's version.

        Raises LeaseLost, Refusal with the reason where there is no agenda, and what the database raises.
        """
        computed = None
        for _ in range(MAX_ROUNDS):
            computed = await self._compute(computation, listener, computed)
            try:
                return await self._publish(computation, computed)
            except InputChanged:
                log.info("computation_again", event_id=computation.event)
        raise Refusal("input-changes", rounds=MAX_ROUNDS)

    async def _compute(self, computation: Computation, listener: ProgressListener, late: ComputedAgenda | None) -> ComputedAgenda:
        """Compute the agenda of the present input, or take the newest one, where it is the best for that input.

        Once the day has begun the newest agenda is repaired and no new one computed. A first one uses the slots to come. An
        agenda that came too `late`, its input changed, is repaired too. Raises Refusal.
        """
        now = self._clock()
        scheduling_input = await gathered(self._mongo, computation.event, now)
        event = scheduling_input.event.state
        newest = await self._newest(computation.event)
        check_computable(event, len(scheduling_input.meetings), newest is not None)
        coming = next_slot(event, now)
        if newest is None and coming > len(event.slots):
            raise Refusal("no-slot-left")
        repair = newest is not None and (computation.repair or coming > 1)
        digest = await asyncio.to_thread(digest_of, scheduling_input)
        input = digest if repair else input_for(digest, computation.minimise_gaps)
        if newest is not None and newest.input == input and agendas.is_final(newest, repair):
            return ComputedAgenda(event_of(newest), len(event.slots) + 1)
        known = await self._names(scheduling_input)
        if late is not None and late.next_slot == coming:
            builder = ProblemBuilder(scheduling_input, known, agenda_of(late.agenda), coming, repair=True)
            # The first search had the listener: a repair of its result is short, and is not stopped to be shorter.
            options = SearchOptions(min(computation.time_limit, REPAIR_SECONDS))
            schedule = await self._solved(builder, ProgressListener(), options)
            if schedule.is_fair or repair:
                # It is as near as possible to what was never published: nothing is proven of it.
                agenda = await asyncio.to_thread(builder.written, schedule, input)
                unproven = {"status": "feasible", "repaired": late.agenda.repaired}
                return ComputedAgenda(agenda.model_copy(update=unproven), coming)
        builder = ProblemBuilder(scheduling_input, known, newest, coming, repair)
        schedule = await self._solved(builder, listener, SearchOptions(computation.time_limit, computation.minimise_gaps))
        return ComputedAgenda(await asyncio.to_thread(builder.written, schedule, input), coming)

    async def _newest(self, event: str) -> Agenda | None:
        newest = await find_aggregate(self._mongo, AGENDA, event)
        return newest.state if newest else None

    async def _names(self, scheduling_input: Gathered) -> dict[str, str]:
        return await names(self._mongo, {registration.state.member_id for registration in scheduling_input.registrations})

    async def _solved(self, builder: ProblemBuilder, listener: ProgressListener, options: SearchOptions) -> SolvedSchedule:
        """Solve the problem. Raises Refusal where there is no schedule."""
        try:
            outcome = await self._solve(await asyncio.to_thread(builder.task, options), listener)
        except SolverFailed as error:
            raise Refusal("solver-failed", reason=error) from error
        if outcome.schedule is None:
            assert outcome.no_schedule is not None, "an outcome is one of the two"
            raise Refusal("no-agenda", why=LocalizedText(it=outcome.no_schedule.it, en=outcome.no_schedule.en))
        return outcome.schedule

    async def _publish(self, computation: Computation, computed: ComputedAgenda) -> int:
        """Publish, and note it, in one transaction that sees the input unchanged; return the agenda's version.

        It moves meetings in slots from `next_slot` on: where that one has begun since, it comes too late.

        Raises InputChanged, LeaseLost and Refusal.
        """
        agenda = computed.agenda
        if (size := len((await asyncio.to_thread(agenda.model_dump_json)).encode())) > MAX_AGENDA_BYTES:
            raise Refusal("agenda-too-large", size=size, most=MAX_AGENDA_BYTES)
        event = (await brokerage_event(self._mongo, computation.event)).state
        if next_slot(event, self._clock()) > computed.next_slot:
            raise InputChanged

        async def note(session: Session, written: Written[Any]) -> None:
            scheduling_input = await gathered(self._mongo, computation.event, self._clock(), session)
            not_closed(scheduling_input.event.state)
            if await asyncio.to_thread(digest_of, scheduling_input) != input_of(agenda.input):
                raise InputChanged
            await self._computations.publish(computation, written.version, session)

        cause = Cause(computation.correlation, district=event.districts[0])
        published = await self._write.execute(
            AGENDA, computation.event, lambda state: agendas.publish(state, agenda, event), cause, alongside=note
        )
        return published.version
