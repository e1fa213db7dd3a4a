"""The context of each request: correlation id, span, log line, duration."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from opentelemetry.trace import Tracer
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis.http.problems import on_failure, route_of
from shared.chassis.http.security_headers import secured
from shared.chassis.ids import uuid7
from shared.chassis.telemetry.metrics_and_traces import Metrics, span

log = structlog.get_logger()
CLIENT_LEFT = 499
"""As access logs of nginx have it: nobody was there to be answered."""
CORRELATION = re.compile(rb"^[A-Za-z0-9._:\-]{1,100}$")


class RequestContext:
    """ASGI middleware. A caller may send its own X-Correlation-Id; the answer always carries one."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracer: Tracer, stopping: Callable[[], bool]) -> None:
        self._app = app
        self._stopping = stopping
        self._metrics = metrics
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        header = headers.get(b"x-correlation-id", b"")
        correlation = header.decode() if CORRELATION.match(header) else uuid7(datetime.now(UTC))
        scope.setdefault("state", {})["correlation"] = correlation
        traceparent = headers.get(b"traceparent", b"").decode("latin-1") or None
        started = time.perf_counter()
        status = 500
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun, status
            if message["type"] == "http.response.start":
                begun, status = True, message["status"]
                # The connection is closed: its next request goes to another replica.
                last = [(b"connection", b"close")] if self._stopping() else []
                sent = secured(message["headers"], personal=b"authorization" in headers)
                message["headers"] = [*sent, (b"x-correlation-id", correlation.encode()), *last]
            await send(message)

        with (
            structlog.contextvars.bound_contextvars(correlation=correlation),
            span(self._tracer, scope["method"], traceparent) as traced,
        ):
            try:
                await self._app(scope, receive, answer)
            except ClientDisconnect:
                status = CLIENT_LEFT
                log.info("client_left", method=scope["method"], route=route_of(scope))
            except Exception as error:
                # Answered here and not by the framework, which does so outside: without the correlation id.
                if begun:
                    raise
                await (await on_failure(Request(scope), error))(scope, receive, answer)
            finally:
                seconds = time.perf_counter() - started
                # Never the path itself, which may hold a secret.
                route = route_of(scope)
                traced.update_name(f"{scope['method']} {route}")
                self._metrics.requests.labels(scope["method"], route, str(status)).observe(seconds)
                log.debug("request", method=scope["method"], route=route, status=status, seconds=round(seconds, 4))
