"""Readiness probe of a local process over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from http.client import HTTPConnection, HTTPException

from distretti.devstack.ports import HOST

_TIMEOUT = 2.0


def answers(port: int, path: str) -> Callable[[], Awaitable[bool]]:
    """A probe: true once GET `path` on the local port answers 200."""

    def probe() -> bool:
        # http.client ignores the environment's proxies, and is cheap: this runs twenty times a second.
        connection = HTTPConnection(HOST, port, timeout=_TIMEOUT)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return lambda: asyncio.to_thread(probe)
