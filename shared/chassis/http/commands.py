"""Commands over HTTP: If-Match, Idempotency-Key, and the answer stored with what was done."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from shared.chassis.errors import FieldError, Invalid, Refusal
from shared.chassis.http.answers import etag, json_response
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.mongo import Document, Mongo, Session, duplicate_as
from shared.chassis.outbox.cause import Cause
from shared.chassis.texts import text
from shared.chassis.writes.aggregate import Aggregate, Command, Decide, Written
from shared.chassis.writes.write_path import Alongside, WritePath

S = TypeVar("S")
IDEMPOTENCY = "idempotency"


class _Repeated(Exception):
    pass


class Commands:
    """The commands of one request; `tagged` answers carry the version they made as ETag."""

    def __init__(
        self,
        request: Request,
        write: WritePath,
        actor: str,
        key: str | None,
        expected: int | None,
        fingerprint: str,
        tagged: bool = True,
    ) -> None:
        self._request = request
        self._write = write
        self._expected = expected
        self._tagged = tagged
        self._id = digest(actor, key) if key else None
        self._fingerprint = fingerprint
        self.correlation: str = request.state.correlation

    def refuse_if_match(self) -> None:
        """Raise Invalid for a version in If-Match, whatever it says: this caller may not know versions."""
        if self._expected is not None:
            raise _if_match_impossible()

    @property
    def now(self) -> datetime:
        """The time of this command."""
        return self._write.clock()

    async def run(
        self,
        aggregate: Aggregate[S],
        id: str,
        decide: Decide[S],
        *,
        answer: Callable[[Written[S]], BaseModel],
        status: int = 200,
        district: str | None = None,
        first: Command | None = None,
        alongside: Alongside | None = None,
    ) -> Response:
        """Execute a command and respond with the model that `answer` makes of it; `first`, `alongside` as in the write path.

        An answer whose `version` is None has no ETag. A repeated Idempotency-Key gets the first answer, and nothing is executed.
        """
        cause = Cause(self.correlation, None, district)

        async def remember(session: Session, written: Written[Any]) -> None:
            if alongside is not None:
                await alongside(session, written)
            if self._id is None:
                return
            model = answer(written)
            record: Document = {
                "_id": self._id,
                "fingerprint": self._fingerprint,
                "status": status,
                "version": self._version(model, written),
                "body": model.model_dump_json().encode(),
                "created": self._write.clock(),
            }
            with duplicate_as(_Repeated):
                await self._write.mongo[IDEMPOTENCY].insert_one(record, session=session)

        try:
            written = await self._write.execute(
                aggregate,
                id,
                decide,
                cause,
                expected=self._expected,
                alongside=remember if self._id or alongside else None,
                first=first,
            )
        except (Refusal, _Repeated):
            if (earlier := await self._earlier()) is not None:
                return earlier
            raise
        model = answer(written)
        return json_response(model, status, _tag(self._version(model, written)))

    def _version(self, model: BaseModel, written: Written[Any]) -> int | None:
        """The version that an answer may have as ETag: the one it shows, where it shows one or hides it."""
        version: int | None = getattr(model, "version", written.version) if self._tagged else None
        return version

    async def _earlier(self) -> Response | None:
        """The stored answer for this key. Raises Invalid where the request was another one."""
        if self._id is None:
            return None
        record = await self._write.mongo[IDEMPOTENCY].find_one({"_id": self._id})
        if record is None:
            return None
        if record["fingerprint"] != self._fingerprint:
            new_key = FieldError("Idempotency-Key", "reused", text("field-new-key"))
            raise Invalid("idempotency-key-reused", new_key)
        headers = {**_tag(record["version"]), "Idempotency-Replayed": "true"}
        return Response(record["body"], record["status"], headers, "application/json")


def digest(*parts: str) -> str:
    """A digest that tells apart whatever differs in any part; the key in it keeps others from guessing what was sent."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _tag(version: int | None) -> dict[str, str]:
    return {} if version is None else {"ETag": etag(version)}


def _expected(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    version = if_match.removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit() and len(version) < 16):
        raise Invalid("if-match-malformed", FieldError("If-Match", "pattern", text("field-version")))
    return int(version)


Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, description="Repeat a request safely: it gets the first answer."),
]


async def commands(
    request: Request,
    sender: CurrentPrincipal,
    if_match: Annotated[str | None, Header(description="The ETag that was read; a newer version answers 412.")] = None,
    idempotency_key: Key = None,
) -> Commands:
    """Bind the write path to this request."""
    return await _bound(request, sender, idempotency_key, _expected(if_match))


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
    request.app.state.runtime.backpressure.check()
    write: WritePath = request.app.state.write
    url = request.url
    fingerprint = digest(key or "", request.method, url.path, url.query, (await request.body()).hex())
    return Commands(request, write, sender.subject, key, expected, fingerprint, tagged)


Run = Annotated[Commands, Depends(commands)]
RunUntagged = Annotated[Commands, Depends(untagged_commands)]


async def database(request: Request) -> Mongo:
    """The service's own database, for reading."""
    mongo: Mongo = request.app.state.mongo
    return mongo


Store = Annotated[Mongo, Depends(database)]
