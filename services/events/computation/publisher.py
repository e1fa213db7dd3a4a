"""Computes an agenda and publishes it, and computes it anew where its input has changed in the meantime."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.parallel_bookings import not_in_two_places
from services.events.agenda.rules import publication
from services.events.agenda.state import Agenda, digest_of_input
from services.events.brokerage.queries import read_brokerage_event
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.rules.lifecycle import not_closed
from services.events.computation.agenda_writer import write_agenda
from services.events.computation.problem_builder import ProblemBuilder, SearchOptions, digest_of
from services.events.computation.protocol import SolvedSchedule, SolverOutcome, SolverTask
from services.events.computation.queue import Computation, Computations
from services.events.computation.rules import check_computable
from services.events.computation.scheduling_input import read_scheduling_input
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
MOST_ROUNDS = 10
"""The first computes, the others repair its agenda."""
REPAIR_SECONDS = 10.0
"""The longest that one of them may take."""
MOST_BYTES = 900_000
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
    """Computes and publishes agendas for whoever holds their computation; `solve` finds their schedules."""

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
        for _ in range(MOST_ROUNDS):
            computed = await self._compute(computation, listener, computed)
            try:
                return await self._publish(computation, computed)
            except InputChanged:
                log.info("computation_repeated", event_id=computation.event_id)
        raise Refusal("input-changes", rounds=MOST_ROUNDS)

    async def _compute(
        self, computation: Computation, listener: ProgressListener, outdated: ComputedAgenda | None
    ) -> ComputedAgenda:
        """Compute the agenda of the present input, or take the newest one, where it is the best of the same input.

        Once the day has begun an agenda is not computed anew: the newest is repaired. A first one uses the slots that are to
        come. One that was computed and is `outdated` before it is published is repaired too. Raises Refusal.
        """
        now, options = self._clock(), computation.options
        scheduling_input = await read_scheduling_input(self._mongo, computation.event_id, now)
        brokerage_event = scheduling_input.brokerage_event.state
        stored = await find_aggregate(self._mongo, AGENDA, computation.event_id)
        newest = stored.state if stored else None
        check_computable(brokerage_event, len(scheduling_input.meetings), newest is not None)
        coming = next_slot(brokerage_event, now)
        if newest is None and coming > len(brokerage_event.slots):
            raise Refusal("no-slot-left")
        repair = newest is not None and (options.repair or coming > 1)
        digest = await asyncio.to_thread(digest_of, scheduling_input)
        input = digest if repair else publication.input_for(digest, options.minimise_gaps)
        if newest is not None and newest.input == input and publication.is_final(newest, repair):
            agenda = AgendaPublished.model_validate(newest, from_attributes=True)
            return ComputedAgenda(agenda, len(brokerage_event.slots) + 1)
        member_names = await names(self._mongo, {registration.state.member_id for registration in scheduling_input.registrations})
        if outdated is not None and outdated.next_slot == coming:
            problem = ProblemBuilder(scheduling_input, member_names, Agenda.from_event(outdated.agenda), coming, repair=True)
            # A stop was requested of the first search only: a repair of its agenda is short, and drops nobody to be shorter.
            schedule = await self._search(problem, ProgressListener(), SearchOptions(min(options.time_limit, REPAIR_SECONDS)))
            if schedule.is_fair or repair:
                # It changes as little as possible of what was never published: nothing is proven of it.
                unproven = {"status": "feasible", "repaired": outdated.agenda.repaired}
                agenda = await asyncio.to_thread(write_agenda, problem, schedule, input)
                return ComputedAgenda(agenda.model_copy(update=unproven), coming)
        problem = ProblemBuilder(scheduling_input, member_names, newest, coming, repair)
        schedule = await self._search(problem, listener, SearchOptions(options.time_limit, options.minimise_gaps))
        return ComputedAgenda(await asyncio.to_thread(write_agenda, problem, schedule, input), coming)

    async def _search(self, problem: ProblemBuilder, listener: ProgressListener, options: SearchOptions) -> SolvedSchedule:
        """Have the problem solved. Raises Refusal where there is no schedule."""
        try:
            outcome = await self._solve(await asyncio.to_thread(problem.task, options), listener)
        except SolverFailed as error:
            raise Refusal("solver-failed", error=str(error)) from error
        if outcome.schedule is None:
            assert outcome.no_schedule is not None, "an outcome is one of the two"
            reason = LocalizedText(it=outcome.no_schedule.it, en=outcome.no_schedule.en)
            raise Refusal("no-agenda", why=reason)
        return outcome.schedule

    async def _publish(self, computation: Computation, computed: ComputedAgenda) -> int:
        """Publish, and record it, in one transaction that sees the input unchanged; return the agenda's version.

        It moves meetings in slots from `next_slot` on: where that one has begun since, it comes too late.

        Raises InputChanged, LeaseLost and Refusal.
        """
        agenda = computed.agenda
        if (size := len((await asyncio.to_thread(agenda.model_dump_json)).encode())) > MOST_BYTES:
            raise Refusal("agenda-too-large", size=size, most=MOST_BYTES)
        brokerage_event = (await read_brokerage_event(self._mongo, computation.event_id)).state
        if next_slot(brokerage_event, self._clock()) > computed.next_slot:
            raise InputChanged

        async def record(session: Session, written: Written[Agenda]) -> None:
            now = self._clock()
            scheduling_input = await read_scheduling_input(self._mongo, computation.event_id, now, session)
            not_closed(scheduling_input.brokerage_event.state)
            if await asyncio.to_thread(digest_of, scheduling_input) != digest_of_input(agenda.input):
                raise InputChanged
            try:
                await not_in_two_places(self._mongo, scheduling_input.brokerage_event, now)(session, written)
            except Refusal as refusal:  # booked at a parallel event since
                raise InputChanged from refusal
            await self._computations.publish(computation, written.version, session)

        published = await self._write.execute(
            AGENDA,
            computation.event_id,
            lambda state: publication.publish(state, agenda, brokerage_event),
            Cause(computation.correlation, district=brokerage_event.districts[0]),
            alongside=record,
        )
        return published.version
