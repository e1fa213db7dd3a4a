"""How a command that runs a local system is stopped."""

import asyncio
import signal
from collections.abc import Coroutine

from distretti.devstack.supervisor import Supervisor

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def until_stopped(work: Coroutine[None, None, None], supervisor: Supervisor) -> bool:
    """Runs `work` to its end, or until a signal cancels it; a second signal kills every child at once.

    Returns whether `work` came to its end. Whoever started the children stops them when cancelled.
    """
    task, stopping = asyncio.ensure_future(work), False

    def stop() -> None:
        nonlocal stopping
        if stopping:
            supervisor.kill_all()
        else:
            stopping = True
            task.cancel()

    for each in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(each, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopping:
            raise
        return False
    return True
