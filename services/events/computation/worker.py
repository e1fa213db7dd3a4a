"""Computes agendas beside the requests: leases a computation, has it solved in a process, publishes the agenda."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from services.events.computation.publisher import AgendaPublisher, Solve
from services.events.computation.queue import MOST_STARTS, Computation, Computations, LeaseLost, Progress
from services.events.computation.solver_client import ProgressListener, solve_in_process
from services.events.texts import TEXTS
from shared.chassis.errors import Refusal
from shared.chassis.mongo import Conflict, Mongo, PyMongoError
from shared.chassis.texts import text
from shared.chassis.workers.polling_worker import PollingWorker
from shared.chassis.writes.write_path import WritePath

log = structlog.get_logger()
POLL = 1.0
HEARTBEAT = 1.0
"""Seconds between two renewals of a lease: a fraction of it."""
SLOTS = (False, False, True)
"""Concurrent computations of a process; the last slot takes repairs only, so that no long ones delay a running day.

In the other slots a district has one computation at a time: its others wait, and those of other districts do not wait for them.
"""


class AgendaWorker:
    """Computes some agendas at a time, of different events. Woken by a request, and polling as a safety net."""

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
        self._districts: set[str] = set()
        self._leasing = asyncio.Lock()

    def wake(self) -> None:
        """Read the queue now."""
        for slot in self._slots:
            slot.wake()

    async def run(self) -> None:
        """Work until stopped; a computation that failed because the database was down is retried when its lease ends."""
        await asyncio.gather(*(slot.run() for slot in self._slots))

    async def _work(self, repairs_only: bool) -> bool:
        computation = await self.computations.lease(repairs_only=True) if repairs_only else await self._lease_fairly()
        if computation is None:
            return False
        try:
            await self._do(computation)
        finally:
            if not repairs_only and computation.district is not None:
                self._districts.discard(computation.district)
        return True

    async def _lease_fairly(self) -> Computation | None:
        """Lease a computation of a district that has none under way in these slots."""
        async with self._leasing:
            computation = await self.computations.lease(served=self._districts)
            if computation is not None and computation.district is not None:
                self._districts.add(computation.district)
            return computation

    async def _do(self, computation: Computation) -> None:
        """Compute in a task of its own: a stop cancels that task only."""
        if any(slot.stopping for slot in self._slots):
            await self.computations.release(computation)
            return
        work = asyncio.create_task(self._compute(computation))
        self._under_way.add(work)
        await asyncio.wait([work])
        self._under_way.discard(work)
        if not work.cancelled():
            work.result()

    async def stop(self) -> None:
        """Kill the solvers and release their computations."""
        for slot in self._slots:
            slot.request_stop()
        for work in self._under_way:
            work.cancel()
        await asyncio.gather(*(slot.stop() for slot in self._slots))

    async def _compute(self, computation: Computation) -> None:
        """Do one computation while its lease is renewed; on cancellation it is released."""
        listener = ProgressListener()
        work = asyncio.current_task()
        assert work is not None
        heartbeat = asyncio.create_task(self._renew_lease(computation, listener, work))
        try:
            with structlog.contextvars.bound_contextvars(correlation=computation.correlation):
                await self._finish(computation, listener)
        except LeaseLost:
            log.warning("computation_taken_over", event_id=computation.event_id)
        except asyncio.CancelledError:
            await self.computations.release(computation)
            raise
        finally:
            heartbeat.cancel()

    async def _renew_lease(self, computation: Computation, listener: ProgressListener, work: asyncio.Task[None]) -> None:
        """Renew the lease, record the progress and pass on a requested stop. Cancels the work when the lease is lost."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                progress = listener.progress
                best = None if progress is None else Progress(progress.placed, progress.breaks)
                if await self.computations.renew(computation, best):
                    listener.stop.set()
            except LeaseLost:
                log.info("computation_dropped", event_id=computation.event_id)
                work.cancel()
                return
            except Exception as error:
                log.warning("lease_not_renewed", event_id=computation.event_id, error=repr(error))

    async def _finish(self, computation: Computation, listener: ProgressListener) -> None:
        """Compute and publish; every other end is recorded with its reason.

        Raises LeaseLost, and what the database raises: that is retried when the lease is over.
        """
        log.info("computation_started", event_id=computation.event_id, starts=computation.starts)
        try:
            if computation.starts > MOST_STARTS:
                raise Refusal("interrupted", times=MOST_STARTS)
            version = await self._publisher.publish(computation, listener)
            log.info("computation_published", event_id=computation.event_id, agenda_version=version)
        except Refusal as refusal:
            log.warning("computation_failed", event_id=computation.event_id, reason=refusal.code)
            await self.computations.fail(computation, TEXTS.localized(refusal.message))
        except (LeaseLost, Conflict, PyMongoError):
            raise
        except Exception as error:
            # No dependency is to blame: it would fail at every start, and hold up the event until it is given up.
            log.exception("computation_broke", event_id=computation.event_id)
            await self.computations.fail(computation, TEXTS.localized(text("service-failed", error=type(error).__name__)))
