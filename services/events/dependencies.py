"""The job runner of this process, for operations after which something is due."""

from typing import Annotated

from fastapi import Depends

from services.events.job_runner import JobRunner
from shared.chassis.runtime.dependencies import worker

Jobs = Annotated[JobRunner, Depends(worker(JobRunner))]
