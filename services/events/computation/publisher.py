"""Makes the agenda of what is agreed and publishes it, again where that has changed meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.agenda.rules.publication import input_for, input_of
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.rules.lifecycle import not_closed
from services.events.computation.problem_builder import Asked, Draft, digest_of
from services.events.computation.protocol import SolvedSchedule, SolverOutcome, SolverTask
from services.events.computation.queue import Computation, Computations
from services.events.computation.rules import check_computable
from services.events.computation.scheduling_input import gathered
from services.events.computation.solver_client import ProgressListener, SolverFailed
from services.events.projections import names
from shared.chassis.errors import Refusal
from shared.chassis.mongo import Mongo, Session
from shared.chassis.outbox.cause import Cause
from shared.chassis.writes.aggregate import Written
from shared.chassis.writes.write_path import WritePath
from shared.contracts.events import AgendaPublished

log = structlog.get_logger()
MOST_ROUNDS = 10
"""The first computes, the others repair what it found."""
REPAIR = 10.0
"""Seconds one of them may take at most."""
LARGEST = 900_000
"""Bytes of an agenda as an event: Kafka takes a record of one megabyte."""


class InputChanged(Exception):
    """Somebody registered, withdrew, accepted or declined while the agenda was computed, or a slot of it has begun."""


@dataclass(frozen=True)
class Made:
    """An agenda to publish, which moves meetings in slots from `coming` on."""

    agenda: AgendaPublished
    coming: int


Solve = Callable[[SolverTask, ProgressListener], Awaitable[SolverOutcome]]


class AgendaMaker:
    """Makes and publishes agendas for whoever holds their computation; `solve` finds their schedules."""

    def __init__(
        self, mongo: Mongo, write: WritePath, clock: Callable[[], datetime], solve: Solve, computations: Computations
    ) -> None:
        self._mongo = mongo
        self._write = write
        self._clock = clock
        self._solve = solve
        self._computations = computations

    async def publish(self, held: Computation, listener: ProgressListener) -> int:
        """Compute until the input holds still, and publish; return the agenda's version.

        Raises LeaseLost, Refusal with the reason where there is no agenda, and what the database raises.
        """
        made = None
        for _ in range(MOST_ROUNDS):
            made = await self._agenda(held, listener, made)
            try:
                return await self._publish(held, made)
            except InputChanged:
                log.info("computation_again", event_id=held.event)
        it = f"Iscrizioni o incontri sono cambiati durante {MOST_ROUNDS} calcoli: riprovare quando sono fermi."
        en = f"Registrations or meetings changed during {MOST_ROUNDS} computations: try again when they hold still."
        raise Refusal("input-changes", it=it, en=en)

    async def _agenda(self, held: Computation, listener: ProgressListener, before: Made | None) -> Made:
        """Make the agenda of what is agreed now, or take the newest one, where it is the best of just that.

        Once the day has begun an agenda is not made anew: the one published last is repaired. A first one uses the slots
        that are to come. What was made `before` and came too late is repaired too. Raises Refusal.
        """
        now = self._clock()
        found = await gathered(self._mongo, held.event, now)
        event = found.event["state"]
        document = await self._mongo[AGENDA.collection].find_one({"_id": held.event})
        newest = document["state"] if document else None
        check_computable(event, len(found.meetings), newest is not None)
        coming = next_slot(event, now)
        if newest is None and coming > len(event["slots"]):
            raise Refusal("no-slot-left", it="Tutti gli slot sono già cominciati.", en="All slots have begun already.")
        repair = newest is not None and (held.repair or coming > 1)
        digest = await asyncio.to_thread(digest_of, found)
        input = digest if repair else input_for(digest, held.minimise_gaps)
        if newest is not None and newest["input"] == input and agendas.is_final(newest, repair):
            return Made(AgendaPublished.model_validate(newest), len(event["slots"]) + 1)
        known = await names(self._mongo, {document["state"]["member_id"] for document in found.registrations})
        if before is not None and before.coming == coming:
            late = Draft(found, known, before.agenda.model_dump(), coming, repair=True)
            # Enough was said of the first search: a repair of what it found is short, and drops nobody to be shorter.
            answer = await self._solved(late, ProgressListener(), Asked(min(held.time_limit, REPAIR)))
            if answer.is_fair or repair:
                # It is as near as possible to what was never published: nothing is proven of it.
                told = {"status": "feasible", "repaired": before.agenda.repaired}
                return Made((await asyncio.to_thread(late.written, answer, input)).model_copy(update=told), coming)
        draft = Draft(found, known, newest, coming, repair)
        answer = await self._solved(draft, listener, Asked(held.time_limit, held.minimise_gaps))
        return Made(await asyncio.to_thread(draft.written, answer, input), coming)

    async def _solved(self, draft: Draft, listener: ProgressListener, asked: Asked) -> SolvedSchedule:
        """Have it solved. Raises Refusal where there is no schedule."""
        try:
            outcome = await self._solve(await asyncio.to_thread(draft.task, asked), listener)
        except SolverFailed as error:
            it = f"Il risolutore non ha risposto ({error}): riprovare."
            raise Refusal("solver-failed", it=it, en=f"The solver gave no answer ({error}): try again.") from error
        if outcome.schedule is None:
            assert outcome.no_schedule is not None, "an outcome is one of the two"
            raise Refusal("no-agenda", it=outcome.no_schedule.it, en=outcome.no_schedule.en)
        return outcome.schedule

    async def _publish(self, held: Computation, made: Made) -> int:
        """Publish, and note it, in one transaction that sees the input unchanged; return the agenda's version.

        It moves meetings in slots from `coming` on: where that one has begun since, it comes too late.

        Raises InputChanged, LeaseLost and Refusal.
        """
        agenda = made.agenda
        if (size := len((await asyncio.to_thread(agenda.model_dump_json)).encode())) > LARGEST:
            it = f"L'agenda occupa {size} byte e al massimo può averne {LARGEST}: dividere l'evento."
            raise Refusal(
                "agenda-too-large", it=it, en=f"The agenda has {size} bytes, at most {LARGEST} are possible: split the event."
            )
        event = (await brokerage_event(self._mongo, held.event))["state"]
        if next_slot(event, self._clock()) > made.coming:
            raise InputChanged

        async def note(session: Session, written: Written[Any]) -> None:
            found = await gathered(self._mongo, held.event, self._clock(), session)
            not_closed(found.event["state"])
            digest = await asyncio.to_thread(digest_of, found)
            if digest != input_of({"input": agenda.input}):
                raise InputChanged
            await self._computations.publish(held, written.version, session)

        cause = Cause(held.correlation, district=event["districts"][0])
        published = await self._write.execute(
            AGENDA, held.event, lambda state: agendas.publish(state, agenda, event), cause, alongside=note
        )
        return published.version
