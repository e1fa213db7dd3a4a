"""The worker of this process that computes agendas, for operations that use it."""

from typing import Annotated

from fastapi import Depends

from services.events.computation.worker import AgendaWorker
from shared.chassis.runtime.dependencies import worker

Worker = Annotated[AgendaWorker, Depends(worker(AgendaWorker))]
