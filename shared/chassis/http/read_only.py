"""Refuses commands while the service is closed for them."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.chassis.http.problems import on_refusal
from shared.chassis.http.read_only_mode import Closed, Gate

READING = {"GET", "HEAD", "OPTIONS"}


class RefuseWhenClosed:
    """ASGI middleware: whatever may change something answers 503 with Retry-After while the gate is closed."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in READING:
            try:
                await self._gate.check()
            except Closed as closed:
                await (await on_refusal(Request(scope), closed))(scope, receive, send)
                return
        await self._app(scope, receive, send)
