"""The workers of this process, for routes that wake them."""

from typing import Annotated, TypeVar

from fastapi import Depends, Request

from services.events.computation.worker import AgendaWorker
from services.events.jobs.runner import Upkeep

W = TypeVar("W")


def _worker(request: Request, kind: type[W]) -> W:
    return next(one for one in request.app.state.runtime.workers if isinstance(one, kind))


def agenda_worker(request: Request) -> AgendaWorker:
    """Find what computes agendas."""
    return _worker(request, AgendaWorker)


def upkeep(request: Request) -> Upkeep:
    """Find what does what becomes due by itself."""
    return _worker(request, Upkeep)


Worker = Annotated[AgendaWorker, Depends(agenda_worker)]
Keeper = Annotated[Upkeep, Depends(upkeep)]
