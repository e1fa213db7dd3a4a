"""Computes agendas beside the requests: takes a computation, has it solved apart, publishes what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from services.events.computations import MOST_STARTS, Computation, Computations, LeaseLost
from services.events.domain import agendas
from services.events.domain.brokerage import not_closed
from services.events.drafting import Asked, Draft, digest_of
from services.events.solver import Answer, Outcome, Task
from services.events.solving import SolverFailed, Watch, solve_apart
from services.events.store import AGENDA, brokerage_event, gathered, input_for, input_of, names, next_slot
from shared.chassis.aggregate import Cause, Written
from shared.chassis.errors import Refusal
from shared.chassis.mongo import Conflict, Mongo, PyMongoError, Session
from shared.chassis.write import WritePath
from shared.contracts.events import AgendaPublished

log = structlog.get_logger()
MOST_ROUNDS = 10
"""The first computes, the others repair what it found."""
REPAIR = 10.0
"""Seconds one of them may take at most."""
LARGEST = 900_000
"""Bytes of an agenda as an event: Kafka takes a record of one megabyte."""
POLL = 1.0
BEAT = 1.0
"""Seconds between two looks at what is asked of a computation under way: a fraction of its lease."""
LANES = (False, False, True)
"""Computations in one process at a time; the last lane takes repairs only, so that no long ones hold up a running day."""


class InputChanged(Exception):
    """Somebody registered, withdrew, accepted or declined while the agenda was computed, or a slot of it has begun."""


@dataclass(frozen=True)
class Made:
    """An agenda to publish, which moves meetings in slots from `coming` on."""

    agenda: AgendaPublished
    coming: int


class AgendaWorker:
    """Some computations at a time, of different events. Woken by a request, and polling as a safety net."""

    def __init__(
        self,
        mongo: Mongo,
        write: WritePath,
        clock: Callable[[], datetime],
        solve: Callable[[Task, Watch], Awaitable[Outcome]] = solve_apart,
    ) -> None:
        self.computations = Computations(mongo, clock)
        self._mongo = mongo
        self._write = write
        self._solve = solve
        self._clock = clock
        self._wake = asyncio.Event()
        self._stopping = False
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look at the ledger at once."""
        self._wake.set()

    async def run(self) -> None:
        """Work until told to stop; what fails for want of the database is taken up again when its lease is over."""
        await asyncio.gather(*(self._work(repairs_only) for repairs_only in LANES))

    async def _work(self, repairs_only: bool) -> None:
        pause = POLL
        while not self._stopping:
            self._wake.clear()
            try:
                taken = await self.computations.take(repairs_only)
                if taken is not None:
                    await self._do(taken)
                pause = POLL
            except Exception as error:
                log.warning("agenda_worker_failed", error=repr(error))
                taken, pause = None, min(5.0, pause * 2)
            if taken is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), pause)

    async def _do(self, taken: Computation) -> None:
        """Compute in a task of its own: a stop cancels that, and not this."""
        if self._stopping:
            await self.computations.put_back(taken)
            return
        work = asyncio.create_task(self._compute(taken))
        self._under_way.add(work)
        await asyncio.wait([work])
        self._under_way.discard(work)
        if not work.cancelled():
            work.result()

    async def stop(self) -> None:
        """Kill the solvers and give their computations back."""
        self._stopping = True
        self._wake.set()
        if self._under_way:
            for work in self._under_way:
                work.cancel()
            await asyncio.wait(set(self._under_way))

    async def _compute(self, held: Computation) -> None:
        """Do one computation while its lease is kept; where this is cancelled it is given back."""
        watch = Watch()
        work = asyncio.current_task()
        assert work is not None
        keeper = asyncio.create_task(self._keep(held, watch, work))
        try:
            with structlog.contextvars.bound_contextvars(correlation=held.correlation):
                await self._finish(held, watch)
        except LeaseLost:
            log.warning("computation_taken_over", event_id=held.event)
        except asyncio.CancelledError:
            await self.computations.put_back(held)
            raise
        finally:
            keeper.cancel()

    async def _keep(self, held: Computation, watch: Watch, work: asyncio.Task[None]) -> None:
        """Keep the lease, tell what is best so far, and hear whether that is enough. Without a lease there is no more work."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                best = None if watch.best is None else watch.best.model_dump()
                if await self.computations.renew(held, best):
                    watch.enough.set()
            except LeaseLost:
                log.info("computation_dropped", event_id=held.event)
                work.cancel()
                return
            except Exception as error:
                log.warning("lease_not_renewed", event_id=held.event, error=repr(error))

    async def _finish(self, held: Computation, watch: Watch) -> None:
        """Compute until the input holds still; every other end is noted with its reason.

        Raises LeaseLost, and what the database raises: that is tried again when the lease is over.
        """
        log.info("computation_started", event_id=held.event, starts=held.starts)
        try:
            if held.starts > MOST_STARTS:
                it = f"Il calcolo è stato interrotto {MOST_STARTS} volte: vedere il log del servizio."
                raise Refusal("interrupted", it=it, en=f"It was interrupted {MOST_STARTS} times: see the service's log.")
            made = None
            for _ in range(MOST_ROUNDS):
                made = await self._agenda(held, watch, made)
                try:
                    version = await self._publish(held, made)
                except InputChanged:
                    log.info("computation_again", event_id=held.event)
                else:
                    log.info("computation_published", event_id=held.event, agenda_version=version)
                    return
            it = f"Iscrizioni o incontri sono cambiati durante {MOST_ROUNDS} calcoli: riprovare quando sono fermi."
            en = f"Registrations or meetings changed during {MOST_ROUNDS} computations: try again when they hold still."
            raise Refusal("input-changes", it=it, en=en)
        except Refusal as refusal:
            log.warning("computation_failed", event_id=held.event, reason=refusal.code)
            await self.computations.fail(held, refusal.it, refusal.en)
        except (LeaseLost, Conflict, PyMongoError):
            raise
        except Exception as error:
            # Nothing outside is to blame: it would fail again at every start, and hold up the event until it is given up.
            kind = type(error).__name__
            log.exception("computation_broke", event_id=held.event)
            it = f"Errore del servizio ({kind}): la causa è nel suo log."
            await self.computations.fail(held, it, f"The service failed ({kind}): its log says why.")

    async def _agenda(self, held: Computation, watch: Watch, before: Made | None) -> Made:
        """Make the agenda of what is agreed now, or take the newest one, where it is the best of just that.

        Once the day has begun an agenda is not made anew: the one published last is repaired. A first one uses the slots
        that are to come. What was made `before` and came too late is repaired too. Raises Refusal.
        """
        found = await gathered(self._mongo, held.event)
        event = found.event["state"]
        document = await self._mongo[AGENDA.collection].find_one({"_id": held.event})
        newest = document["state"] if document else None
        agendas.check_computable(event, len(found.meetings), newest is not None)
        coming = next_slot(event, self._clock())
        if newest is None and coming > len(event["slots"]):
            raise Refusal("no-slot-left", it="Tutti gli slot sono già cominciati.", en="All slots have begun already.")
        repair = newest is not None and (held.repair or coming > 1)
        digest = await asyncio.to_thread(digest_of, found)
        input = digest if repair else input_for(digest, held.idle, held.walks)
        if newest is not None and newest["input"] == input and agendas.is_final(newest, repair):
            return Made(AgendaPublished.model_validate(newest), len(event["slots"]) + 1)
        known = await names(self._mongo, {document["state"]["member_id"] for document in found.registrations})
        if before is not None and before.coming == coming:
            late = Draft(found, known, before.agenda.model_dump(), coming, repair=True)
            answer = await self._solved(late, watch, Asked(min(held.time_limit, REPAIR)))
            if answer.is_fair or repair:
                # It is as near as possible to what was never published: nothing is proven of it.
                told = {"status": "feasible", "repaired": before.agenda.repaired}
                return Made((await asyncio.to_thread(late.written, answer, input)).model_copy(update=told), coming)
        draft = Draft(found, known, newest, coming, repair)
        answer = await self._solved(draft, watch, Asked(held.time_limit, held.idle, held.walks))
        return Made(await asyncio.to_thread(draft.written, answer, input), coming)

    async def _solved(self, draft: Draft, watch: Watch, asked: Asked) -> Answer:
        """Have it solved. Raises Refusal where there is no schedule."""
        try:
            outcome = await self._solve(await asyncio.to_thread(draft.task, asked), watch)
        except SolverFailed as error:
            it = f"Il risolutore non ha risposto ({error}): riprovare."
            raise Refusal("solver-failed", it=it, en=f"The solver gave no answer ({error}): try again.") from error
        if outcome.answer is None:
            assert outcome.unsolved is not None, "an outcome is one of the two"
            raise Refusal("no-agenda", it=outcome.unsolved.it, en=outcome.unsolved.en)
        return outcome.answer

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
            found = await gathered(self._mongo, held.event, session)
            not_closed(found.event["state"])
            now = await asyncio.to_thread(digest_of, found)
            if now != input_of({"input": agenda.input}):
                raise InputChanged
            await self.computations.publish(held, written.version, session)

        cause = Cause(held.correlation, district=event["districts"][0])
        published = await self._write.execute(
            AGENDA, held.event, lambda state: agendas.publish(state, agenda, event), cause, alongside=note
        )
        return published.version
