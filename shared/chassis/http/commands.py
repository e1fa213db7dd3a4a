"""Commands over HTTP: If-Match, Idempotency-Key, and the answer to a repeated request (ADR 24)."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from shared.chassis.errors import FieldError, Invalid, NotFound, Refusal, invalid
from shared.chassis.http.answers import etag, json_response
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.http.etag import opaque_tag
from shared.chassis.http.idempotency import IdempotencyRecords, KeyedRequest, Repeated, digest
from shared.chassis.mongo import Document, Mongo, Session
from shared.chassis.outbox.cause import Cause
from shared.chassis.texts import text
from shared.chassis.writes.aggregate import Aggregate, Command, Decide, Stored, Written
from shared.chassis.writes.queries import find_aggregate
from shared.chassis.writes.write_path import Alongside, WritePath

S = TypeVar("S")
VERSION = re.compile("0|[1-9][0-9]{0,14}")
Show = Callable[[Stored[S]], BaseModel]
"""How an aggregate is shown to the sender of a request. Raises a Refusal where it may no longer see it."""


class Commands:
    """The commands of one request; `tagged` answers carry the version they show as ETag."""

    def __init__(
        self,
        request: Request,
        write: WritePath,
        records: IdempotencyRecords,
        keyed: KeyedRequest | None,
        expected: int | None,
        tagged: bool = True,
    ) -> None:
        self._write = write
        self._records = records
        self._keyed = keyed
        self._expected = expected
        self._tagged = tagged
        self.correlation: str = request.state.correlation

    def refuse_if_match(self) -> None:
        """Raise Invalid for a version in If-Match, whatever it says: this caller may not know versions."""
        if self._expected is not None:
            raise _if_match_impossible()

    @property
    def now(self) -> datetime:
        """The time of this command."""
        return self._write.clock()

    async def is_repeated(self) -> bool:
        """Whether this request was done already: nor is anything to be done beside its command, then."""
        return await self._earlier() is not None

    async def run(
        self,
        aggregate: Aggregate[S],
        id: str,
        decide: Decide[S],
        *,
        answer: Show[S],
        status: int = 200,
        district: str | None = None,
        first: Command[Any] | None = None,
        alongside: Alongside | None = None,
    ) -> Response:
        """Execute a command and respond with the model that `answer` makes of it; `first`, `alongside` as in the write path.

        An answer whose `version` is None has no ETag. A repeated Idempotency-Key executes nothing, and gets what `answer` makes
        of the aggregate as it is now. Raises NotFound where that is no more, TooManyRequests where the sender has too many keys.
        """

        async def remember(session: Session, written: Written[Any]) -> None:
            if alongside is not None:
                await alongside(session, written)
            if self._keyed is not None:
                await self._records.add(self._keyed, id, session)

        try:
            if self._keyed is not None:
                await self._records.check(self._keyed.caller)
            written = await self._write.execute(
                aggregate,
                id,
                decide,
                Cause(self.correlation, None, district),
                expected=self._expected,
                alongside=remember if self._keyed or alongside else None,
                first=first,
            )
        except (Refusal, Repeated):
            if (record := await self._earlier()) is not None:
                return await self._repeated(record, aggregate, answer, status)
            raise
        if self._keyed is not None:
            self._records.added(self._keyed.caller)
        return self._response(written, answer, status)

    async def _earlier(self) -> Document | None:
        return None if self._keyed is None else await self._records.find(self._keyed)

    async def _repeated(self, record: Document, aggregate: Aggregate[S], answer: Show[S], status: int) -> Response:
        replayed = {"Idempotency-Replayed": "true"}
        if "body" in record:  # made before ADR 24, and gone two days after
            tag = {} if record["version"] is None else {"ETag": etag(record["version"])}
            return Response(record["body"], record["status"], {**tag, **replayed}, "application/json")
        stored = await find_aggregate(self._write.mongo, aggregate, record["aggregate"])
        if stored is None:
            raise NotFound("repeated-removed")
        return self._response(stored, answer, status, replayed)

    def _response(self, stored: Stored[S], answer: Show[S], status: int, headers: dict[str, str] | None = None) -> Response:
        model = answer(stored)
        version = getattr(model, "version", stored.version) if self._tagged else None
        tag = {} if version is None else {"ETag": etag(version)}
        return json_response(model, status, {**tag, **(headers or {})})


def expected_version(if_match: Sequence[str]) -> int | None:
    """The version that the lines of If-Match name; None for any. Raises Invalid for what is no version, and for several."""
    if not if_match or list(if_match) == ["*"]:
        return None
    version = opaque_tag(if_match[0]) if len(if_match) == 1 else None
    if version is None or VERSION.fullmatch(version) is None:
        raise Invalid("if-match-malformed", FieldError("If-Match", "pattern", text("field-version")))
    return int(version)


Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Repeat a request safely: it is done once, and a repetition answers with what it was done to as that is now.",
    ),
]


async def commands(
    request: Request,
    sender: CurrentPrincipal,
    if_match: Annotated[str | None, Header(description="The ETag that was read; a newer version answers 412.")] = None,
    idempotency_key: Key = None,
) -> Commands:
    """Bind the write path to this request."""
    return await _bound(request, sender, idempotency_key, expected_version(request.headers.getlist("If-Match")))


async def untagged_commands(request: Request, sender: CurrentPrincipal, idempotency_key: Key = None) -> Commands:
    """Bind it for aggregates shared by parties that must not see each other: a version would reveal the others' commands.

    Raises Invalid for an If-Match, whatever it says.
    """
    if "if-match" in request.headers:
        raise _if_match_impossible()
    return await _bound(request, sender, idempotency_key, None, tagged=False)


def _if_match_impossible() -> Invalid:
    return Invalid("if-match-impossible", FieldError("If-Match", "absent", text("field-no-header")))


async def _bound(request: Request, sender: Principal, key: str | None, expected: int | None, tagged: bool = True) -> Commands:
    runtime = request.app.state.runtime
    runtime.backpressure.check()
    keyed = None if key is None else await _keyed(request, sender, key)
    return Commands(request, request.app.state.write, runtime.idempotency, keyed, expected, tagged)


async def _keyed(request: Request, sender: Principal, key: str) -> KeyedRequest:
    if len(request.headers.getlist("Idempotency-Key")) > 1:
        raise invalid("Idempotency-Key", "repeated", "field-repeated")
    url, body = request.url, await request.body()
    fingerprint = digest(key, request.method, url.path, url.query, body.hex())
    return KeyedRequest(digest(sender.subject, key), digest(sender.subject), fingerprint)


Run = Annotated[Commands, Depends(commands)]
RunUntagged = Annotated[Commands, Depends(untagged_commands)]


async def database(request: Request) -> Mongo:
    """The service's own database, for reading."""
    mongo: Mongo = request.app.state.mongo
    return mongo


Store = Annotated[Mongo, Depends(database)]
