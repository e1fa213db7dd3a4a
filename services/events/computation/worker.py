"""Computes agendas beside the requests: takes a computation, has it solved apart, publishes what came of it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from services.events.computation.publisher import AgendaPublisher, Solve
from services.events.computation.queue import MOST_STARTS, Best, Computation, Computations, LeaseLost
from services.events.computation.solver_client import ProgressListener, solve_in_process
from services.events.texts import TEXTS
from shared.chassis.errors import Refusal
from shared.chassis.mongo import Conflict, Mongo, PyMongoError
from shared.chassis.texts import text
from shared.chassis.workers.polling_worker import PollingWorker
from shared.chassis.writes.write_path import WritePath

log = structlog.get_logger()
POLL = 1.0
BEAT = 1.0
"""Seconds between two looks at what is asked of a computation under way: a fraction of its lease."""
SLOTS = (False, False, True)
"""Concurrent computations of a process; the last slot takes repairs only, so that no long ones delay a running day."""


class AgendaWorker:
    """Some computations at a time, of different events. Woken by a request, and polling as a safety net."""

    def __init__(
        self,
        mongo: Mongo,
        write: WritePath,
        clock: Callable[[], datetime],
        solve: Solve = solve_in_process,
    ) -> None:
        self.computations = Computations(mongo, clock)
        self._publisher = AgendaPublisher(mongo, write, clock, solve, self.computations)
        self._slots = [
            PollingWorker(partial(self._work, repairs_only), name="agenda_worker", interval=POLL) for repairs_only in SLOTS
        ]
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Read the queue now."""
        for slot in self._slots:
            slot.wake()

    async def run(self) -> None:
        """Work until stopped; a computation that failed because the database was down is retried when its lease ends."""
        await asyncio.gather(*(slot.run() for slot in self._slots))

    async def _work(self, repairs_only: bool) -> bool:
        taken = await self.computations.take(repairs_only)
        if taken is not None:
            await self._do(taken)
        return taken is not None

    async def _do(self, taken: Computation) -> None:
        """Compute in a task of its own: a stop cancels that, and not this."""
        if any(slot.stopping for slot in self._slots):
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
        for slot in self._slots:
            slot.request_stop()
        for work in self._under_way:
            work.cancel()
        await asyncio.gather(*(slot.stop() for slot in self._slots))

    async def _compute(self, held: Computation) -> None:
        """Do one computation while its lease is kept; where this is cancelled it is given back."""
        listener = ProgressListener()
        work = asyncio.current_task()
        assert work is not None
        keeper = asyncio.create_task(self._keep(held, listener, work))
        try:
            with structlog.contextvars.bound_contextvars(correlation=held.correlation):
                await self._finish(held, listener)
        except LeaseLost:
            log.warning("computation_taken_over", event_id=held.event)
        except asyncio.CancelledError:
            await self.computations.put_back(held)
            raise
        finally:
            keeper.cancel()

    async def _keep(self, held: Computation, listener: ProgressListener, work: asyncio.Task[None]) -> None:
        """Renew the lease, record the progress and pass on a requested stop. Cancels the work when the lease is lost."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                progress = listener.progress
                best = None if progress is None else Best(progress.placed, progress.breaks)
                if await self.computations.renew(held, best):
                    listener.stop.set()
            except LeaseLost:
                log.info("computation_dropped", event_id=held.event)
                work.cancel()
                return
            except Exception as error:
                log.warning("lease_not_renewed", event_id=held.event, error=repr(error))

    async def _finish(self, held: Computation, listener: ProgressListener) -> None:
        """Compute and publish; every other end is noted with its reason.

        Raises LeaseLost, and what the database raises: that is tried again when the lease is over.
        """
        log.info("computation_started", event_id=held.event, starts=held.starts)
        try:
            if held.starts > MOST_STARTS:
                raise Refusal("interrupted", starts=MOST_STARTS)
            version = await self._publisher.publish(held, listener)
            log.info("computation_published", event_id=held.event, agenda_version=version)
        except Refusal as refusal:
            log.warning("computation_failed", event_id=held.event, reason=refusal.code)
            await self.computations.fail(held, TEXTS.localized(refusal.message))
        except (LeaseLost, Conflict, PyMongoError):
            raise
        except Exception as error:
            # Nothing outside is to blame: it would fail again at every start, and hold up the event until it is given up.
            kind = type(error).__name__
            log.exception("computation_broke", event_id=held.event)
            await self.computations.fail(held, TEXTS.localized(text("computation-broke", kind=kind)))
