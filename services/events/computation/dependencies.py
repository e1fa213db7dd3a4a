"""The worker of this process that computes agendas, for operations that use it."""

from typing import Annotated

from fastapi import Depends, Request

from services.events.computation.worker import AgendaWorker


async def agenda_worker(request: Request) -> AgendaWorker:
    """Find the worker that computes agendas."""
    return next(worker for worker in request.app.state.runtime.workers if isinstance(worker, AgendaWorker))


Worker = Annotated[AgendaWorker, Depends(agenda_worker)]
