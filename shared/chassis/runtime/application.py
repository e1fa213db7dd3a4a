"""The FastAPI application of a service: its API, health, metrics, documents; and the process that serves it."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from typing import Any

import structlog
import uvicorn
import uvloop
from aiokafka.errors import KafkaError
from fastapi import Depends, FastAPI, Response
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from opentelemetry.sdk.trace import SpanProcessor
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.chassis.config import Settings, WrongSettings, read_settings
from shared.chassis.consumers.consumer import Consumer
from shared.chassis.http.auth import Tokens
from shared.chassis.http.head_requests import HeadRequests
from shared.chassis.http.json_bodies import refuse_ambiguous_body
from shared.chassis.http.openapi import describe_problems
from shared.chassis.http.problems import answer_problems
from shared.chassis.http.read_only_mode import ReadOnlyMiddleware
from shared.chassis.http.refusals import UnservedRequests
from shared.chassis.http.request_bodies import DeclaredBodies
from shared.chassis.http.request_context import RequestContext
from shared.chassis.http.request_intake import RequestIntake
from shared.chassis.http.strict_bodies import refuse_unexpected_body, take_bodies_strictly
from shared.chassis.http.strict_parameters import refuse_unknown_parameters, take_parameters_strictly
from shared.chassis.kafka.asyncapi import describe
from shared.chassis.logging import configure_logs
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service

log = structlog.get_logger()
STUCK_SECONDS = 60


def application(runtime: Runtime) -> FastAPI:
    """Create the application of a runtime, which starts and stops with it."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await runtime.start()
        yield
        await runtime.stop()

    service = runtime.service
    app = FastAPIOffline(redoc_url=None, title=f"Distretti: {service.name}", redirect_slashes=False, version="1", lifespan=lifespan)
    app.state.mongo = runtime.mongo
    app.state.write = runtime.write
    app.state.unserved = UnservedRequests(runtime.metrics)
    app.state.runtime = runtime
    app.state.texts = service.texts
    app.state.tokens = Tokens(runtime.settings)
    checks = [Depends(refuse_unexpected_body), Depends(refuse_ambiguous_body), Depends(refuse_unknown_parameters)]
    app.include_router(service.router, prefix="/v1", dependencies=checks)
    take_bodies_strictly(app.routes)
    take_parameters_strictly(app.routes)
    answer_problems(app)
    describe_problems(app)
    _add_operations(app, runtime)
    app.add_middleware(HeadRequests)
    # The last is the outermost: the check of read-only mode may wait for MongoDB, and holds a permit meanwhile.
    app.add_middleware(ReadOnlyMiddleware, mode=runtime.read_only)
    bodies = DeclaredBodies(app.routes)
    app.add_middleware(RequestIntake, settings=runtime.settings, metrics=runtime.metrics, bodies=bodies)
    app.add_middleware(RequestContext, metrics=runtime.metrics, tracer=runtime.tracer, stopping=lambda: runtime.stopping)
    return app


def _add_operations(app: FastAPI, runtime: Runtime) -> None:
    build = asdict(runtime.build)

    @app.get("/health/live", tags=["operations"])
    async def live() -> Response:
        """Alive while every consumer with events to apply makes progress."""
        are_stuck = await asyncio.gather(*map(_is_stuck, runtime.consumers))
        stuck = [consumer.name for consumer, is_stuck in zip(runtime.consumers, are_stuck, strict=True) if is_stuck]
        return JSONResponse({"stuck": stuck, **build}, 503 if stuck else 200)

    @app.get("/health/ready", tags=["operations"])
    async def ready() -> Response:
        """Ready when MongoDB and Kafka answer and every consumer has its partitions."""
        missing = await runtime.missing()
        return JSONResponse({"missing": missing, **build}, 503 if missing else 200)

    @app.get("/health/accepting", tags=["operations"])
    async def accepting() -> Response:
        """Takes requests: the gateway asks; 503 from the moment the process is told to stop."""
        return JSONResponse({"stopping": runtime.stopping, **build}, 503 if runtime.stopping else 200)

    @app.get("/health/progress", tags=["operations"])
    async def progress() -> dict[str, Any]:
        """Events not yet sent, and by consumer those not yet applied: all zero in a quiescent service."""
        return {**await runtime.collector.progress(), **build}

    @app.get("/metrics", tags=["operations"], response_class=Response)
    async def metrics() -> Response:
        """Prometheus metrics of this process."""
        return Response(generate_latest(runtime.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/asyncapi.json", tags=["operations"])
    async def asyncapi() -> dict[str, Any]:
        """The AsyncAPI 3.0 description of the events this service sends and receives."""
        return describe(runtime.service.name)


async def _is_stuck(consumer: Consumer) -> bool:
    """Whether it has events to apply and makes no progress. Unknown while Kafka is down, which readiness reports."""
    if time.monotonic() - consumer.last_progress <= STUCK_SECONDS:
        return False
    try:
        return bool(await asyncio.wait_for(consumer.lag(), 1))
    except (KafkaError, TimeoutError) as error:
        log.warning("lag_unknown", consumer=consumer.name, error=repr(error))
        return False


def span_processor() -> SpanProcessor | None:
    """Send spans by OTLP where OTEL_EXPORTER_OTLP_ENDPOINT says where to; imported only then, it is heavy."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(OTLPSpanExporter())


def run(service: Service) -> None:
    """Serve until SIGTERM or SIGINT, then drain within the grace time."""
    try:
        settings = read_settings()
    except WrongSettings as error:
        sys.exit(str(error))
    configure_logs(service.name, settings.log_level)
    uvloop.run(_serve(service, settings))


class _Server(uvicorn.Server):
    """Gives notice before it stops listening, and exits with 0; uvicorn's own would raise the signal again."""

    def __init__(self, config: uvicorn.Config, runtime: Runtime) -> None:
        super().__init__(config)
        self._runtime = runtime

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._runtime.stopping = True
        log.info("service_gives_notice", seconds=self._runtime.settings.notice)
        await asyncio.sleep(self._runtime.settings.notice)
        await super().shutdown(sockets)


async def _serve(service: Service, settings: Settings) -> None:
    runtime = Runtime(service, settings, spans=span_processor())
    config = uvicorn.Config(
        application(runtime),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=max(1, int(settings.grace / 2)),
        # Longer than the gateway keeps an idle connection: it must be the gateway that ends it.
        timeout_keep_alive=75,
        server_header=False,
        # Told to the server, not to the application: only so the paths of mounted files are found behind a prefix.
        root_path=settings.root_path,
    )
    await _Server(config, runtime).serve()
