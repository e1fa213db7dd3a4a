"""Signal handling of commands that run a local system."""

import asyncio
import signal
from collections.abc import Coroutine

from distretti.devstack.supervisor import Supervisor

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def until_stopped(work: Coroutine[None, None, None], supervisor: Supervisor) -> bool:
    """Run `work` until it completes or a signal cancels it; a second signal kills every child process at once.

    Return whether `work` completed. On cancellation `work` must stop the child processes it started.
    """
    task, stopping = asyncio.ensure_future(work), False

    def stop() -> None:
        nonlocal stopping
        if stopping:
            supervisor.kill_all()
        else:
            stopping = True
            task.cancel()

    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopping:
            raise
        return False
    return True
