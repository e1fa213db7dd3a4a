"""What a request needs before it is worked at, in this order: a token, a role, its whole body, a permit (ADR 15, ADR 23)."""

from contextlib import AsyncExitStack

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.chassis.config import Settings
from shared.chassis.errors import Refusal
from shared.chassis.http.auth import authenticate
from shared.chassis.http.concurrency_limit import ConcurrencyLimit, Permit, acquire
from shared.chassis.http.fair_shares import SharedPlaces
from shared.chassis.http.problems import on_refusal
from shared.chassis.http.read_only_mode import SAFE_METHODS
from shared.chassis.http.request_bodies import BodyReader, DeclaredBodies, refuse_encoded, replayed
from shared.chassis.telemetry.metrics_and_traces import Metrics

API = "/v1/"
CALLERS = 2
"""So many callers fill the places and the queue: who is alone has half of both."""
ANONYMOUS = ""
"""Who sends no token reads what is public; all of them are one caller."""


class RequestIntake:
    """ASGI middleware: what cannot be served soon is refused immediately, with 503 and Retry-After.

    Operations (health, metrics, documents) always pass. Of other requests, a body is read for a valid token alone, and whole
    before the request takes a permit; bulk imports read theirs themselves, and have places of their own.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, bodies: DeclaredBodies) -> None:
        self._app = app
        self._metrics = metrics
        self._bodies = bodies
        self._reader = BodyReader(settings)
        self._requests = ConcurrencyLimit(settings.requests_at_once, settings.requests_waiting, settings.requests_patience, CALLERS)
        self._imports = SharedPlaces(settings.imports_at_once)
        self._long_polls = ConcurrencyLimit(settings.max_long_polls, 0, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _path(scope).startswith(API):
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as held:
            try:
                received = await self._admit(scope, receive, held)
            except Refusal as refusal:
                await (await on_refusal(Request(scope), refusal))(scope, receive, send)
                return
            await self._app(scope, received, send)

    async def _admit(self, scope: Scope, receive: Receive, held: AsyncExitStack) -> Receive:
        """Take what the request needs, in this order: token, role, body, permit. Returns what gives the application its body."""
        sender = await authenticate(Request(scope), required=scope["method"] not in SAFE_METHODS)
        caller = sender.caller if sender else ANONYMOUS
        if sender and scope["method"] not in SAFE_METHODS:
            body = self._bodies.of(scope["method"], _path(scope))
            body.admit(sender)
            refuse_encoded(scope)
            if body.streamed:
                await held.enter_async_context(self._imports.place(caller))
                return receive
            receive = replayed(await self._reader.read(scope, receive, body, caller), receive)
        await acquire(self._requests, caller)
        permit = Permit(self._requests, self._long_polls, self._metrics, caller)
        held.callback(permit.release)
        scope.setdefault("state", {})["permit"] = permit
        return receive


def _path(scope: Scope) -> str:
    path: str = scope.get("path", "")
    return path.removeprefix(scope.get("root_path", ""))
