"""Helpers of the tests: a service in this process behind a real socket, tokens, and waiting for conditions."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import httpx2
import uvicorn
from opentelemetry.sdk.trace import SpanProcessor
from starlette.types import ASGIApp

from distretti.devstack.token_issuer import Issuer
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.kafka.topics import create_topics
from shared.chassis.runtime.application import application
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from tests.lib.openapi_check import held_to_document

T = TypeVar("T")


async def eventually(probe: Callable[[], Awaitable[T]], seconds: float = 20) -> T:
    """Ask until the answer is true, and return it; the last answer is in the failure."""
    answer = await probe()
    end = asyncio.get_running_loop().time() + seconds
    while not answer:
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"not within {seconds} s; the last answer was {answer!r}")
        await asyncio.sleep(0.02)
        answer = await probe()
    return answer


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        pass


@asynccontextmanager
async def serving(
    service: Service, settings: Settings, spans: SpanProcessor | None = None, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[tuple[Runtime, httpx2.AsyncClient]]:
    """Run a service in this loop behind a real socket, until the block ends; its answers are held to its document."""
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    runtime = Runtime(service, settings, clock, spans)
    app = application(runtime)
    checks = {"response": [held_to_document(service.router)]}
    async with (
        app.router.lifespan_context(app),
        listening(app, settings.root_path) as base,
        httpx2.AsyncClient(base_url=base, timeout=20, event_hooks=checks) as client,
    ):
        yield runtime, client


@asynccontextmanager
async def listening(app: ASGIApp, root_path: str = "") -> AsyncIterator[str]:
    """Serve an application in this loop behind a real socket, until the block ends; gives its address."""
    # By its protocol asyncio knows that it may send small parts at once: each answer would wait 40 ms for an acknowledgement.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=10, root_path=root_path)
        server = _Server(config)
        task = asyncio.create_task(server.serve([listener]))
        try:
            while not server.started:
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def bearer(issuer: Issuer, role: str, member: str | None = None, districts: Sequence[str] = ()) -> dict[str, str]:
    """Headers of a request by somebody with this role; `districts` are those that a manager manages."""
    token = issuer.token(
        subject=f"{role}:{member or 'test'}",
        roles=[role],
        now=datetime.now(UTC),
        lifetime=timedelta(minutes=30),
        member=member,
        manages=districts,
    )
    return {"Authorization": f"Bearer {token}"}
