"""Bodies that begin and do not end: 240 idle connections, without a token and with one of nobody in particular.

Through the gateway and directly; among the paths are the bulk import's, and others that end as it does. A connection that is
ended is opened again after four seconds. 32 of them once stopped a service.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

from benchmarks.attacks import side_by_side
from benchmarks.attacks.attacked_system import attacked_system
from benchmarks.attacks.connection import Connection, head
from benchmarks.attacks.ordinary_requests import of_registry_and_events
from benchmarks.attacks.side_by_side import OrdinaryCaller, running
from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row

IDLE, RETRY_AFTER = 240, 4.0
BEGUN = b'{"name": "' + b"a" * 2000
PATHS = {
    "registry": ("/v1/members", "/v1/members/import", "/v1/members/import/offers"),
    "events": ("/v1/brokerage-events", "/v1/brokerage-events/import", "/v1/brokerage-events/import/close"),
}
STEPS = 4 * side_by_side.STEPS


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Measure without and with a token, through the gateway and directly."""
    rows: list[Row] = []
    async with attacked_system(fixtures, "unfinished") as system:
        ways = {
            "gateway": [(system.gateway, f"/{service}{path}") for service, paths in PATHS.items() for path in paths],
            "direct": [(system.direct(service), path) for service, paths in PATHS.items() for path in paths],
        }
        for token_name, token in (("no token", None), ("any token", system.token("anybody"))):
            for way, targets in ways.items():
                ordinary = OrdinaryCaller(system.gateway, of_registry_and_events(system, f"{way} {token_name}"))
                rows += await side_by_side.side_by_side(
                    f"unfinished bodies, {token_name}, {way}",
                    system,
                    ordinary,
                    partial(_idle_connections, targets, token),
                    ("registry", "events", "gateway"),
                    tick,
                )
    return rows


@asynccontextmanager
async def _idle_connections(targets: Sequence[tuple[int, str]], token: str | None) -> AsyncIterator[None]:
    """Hold the connections, spread over ports and paths."""
    chosen = itertools.islice(itertools.cycle(targets), IDLE)
    async with running(*(_idle(port, head("POST", path, token, Content_Length="60000")) for port, path in chosen)):
        yield


async def _idle(port: int, begun: bytes) -> None:
    """Begin a request, wait for what is answered, and begin again."""
    while True:
        connection = await Connection.open(port)
        try:
            with suppress(OSError, EOFError):
                await connection.send(begun + BEGUN)
                await connection.answer()
            await asyncio.sleep(RETRY_AFTER)
        finally:
            connection.close()
