"""The job runner of this process, for operations after which something is due."""

from typing import Annotated

from fastapi import Depends, Request

from services.events.job_runner import JobRunner


async def job_runner(request: Request) -> JobRunner:
    """Find the job runner."""
    return next(worker for worker in request.app.state.runtime.workers if isinstance(worker, JobRunner))


Jobs = Annotated[JobRunner, Depends(job_runner)]
