"""What routes need of the running service. Async: FastAPI runs a synchronous dependency in a thread of its pool."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.worker import Worker

W = TypeVar("W", bound=Worker)


async def running_service(request: Request) -> Runtime:
    """The runtime that serves a request."""
    runtime: Runtime = request.app.state.runtime
    return runtime


RunningService = Annotated[Runtime, Depends(running_service)]


def worker(kind: type[W]) -> Callable[[Request], Awaitable[W]]:
    """Make the dependency on a worker: `Annotated[Mailer, Depends(worker(Mailer))]`."""

    async def find(request: Request) -> W:
        return (await running_service(request)).worker(kind)

    return find
