"""Commands over HTTP: If-Match, Idempotency-Key, and the answer stored with what was done."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from shared.chassis.errors import FieldError, Invalid, Refusal
from shared.chassis.http.auth import Principal, Who
from shared.chassis.mongo import Document, Mongo, Session, duplicate_as
from shared.chassis.writes.aggregate import Aggregate, Cause, Command, Decide, Written
from shared.chassis.writes.write_path import WritePath

S = TypeVar("S")
IDEMPOTENCY = "idempotency"
Body = Callable[[Written[Any]], dict[str, Any]]


def etag(version: int) -> str:
    """Write a version as an entity tag."""
    return f'"{version}"'


def whole(written: Written[Any]) -> dict[str, Any]:
    """Answer with the aggregate as it is after the command."""
    return {"id": written.id, "version": written.version, **written.state}


class _Repeated(Exception):
    pass


class Commands:
    """The commands of one request; `tagged` answers carry the version they made as ETag."""

    def __init__(
        self, request: Request, write: WritePath, actor: str, key: str | None, expected: int | None, seen: str, tagged: bool = True
    ) -> None:
        self._request = request
        self._write = write
        self._expected = expected
        self._tagged = tagged
        self._id = f"{actor}|{key}" if key else None
        self._fingerprint = seen
        self.correlation: str = request.state.correlation

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
        status: int = 200,
        district: str | None = None,
        body: Body = whole,
        first: Command | None = None,
    ) -> Response:
        """Do a command and answer; `first` as in the write path.

        A repeated Idempotency-Key gets the first answer again, and nothing is done.
        """
        cause = Cause(self.correlation, None, district)

        async def remember(session: Session, written: Written[Any]) -> None:
            record: Document = {
                "_id": self._id,
                "fingerprint": self._fingerprint,
                "status": status,
                "version": written.version if self._tagged else None,
                "body": JSONResponse(encode(body(written))).body,
                "created": self._write.clock(),
            }
            with duplicate_as(_Repeated):
                await self._write.mongo[IDEMPOTENCY].insert_one(record, session=session)

        try:
            written = await self._write.execute(
                aggregate, id, decide, cause, expected=self._expected, alongside=remember if self._id else None, first=first
            )
        except (Refusal, _Repeated):
            if (earlier := await self._earlier()) is not None:
                return earlier
            raise
        return JSONResponse(encode(body(written)), status, _tag(written.version if self._tagged else None))

    async def _earlier(self) -> Response | None:
        """Give the answer this key got before. Raises Invalid where the request was another one."""
        if self._id is None:
            return None
        record = await self._write.mongo[IDEMPOTENCY].find_one({"_id": self._id})
        if record is None:
            return None
        if record["fingerprint"] != self._fingerprint:
            raise Invalid(
                "idempotency-key-reused",
                it="Questa Idempotency-Key è già servita per un'altra richiesta: usarne una nuova.",
                en="This Idempotency-Key was used for another request: use a new one.",
                errors=(
                    FieldError("Idempotency-Key", "reused", "a new key for each request", "una chiave nuova per ogni richiesta"),
                ),
            )
        headers = {**_tag(record["version"]), "Idempotency-Replayed": "true"}
        return Response(record["body"], record["status"], headers, "application/json")


def _tag(version: int | None) -> dict[str, str]:
    return {} if version is None else {"ETag": etag(version)}


def encode(value: Any) -> Any:
    """Make a state fit for JSON: times as RFC 3339 with milliseconds, tuples as lists."""
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def _expected(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    text = if_match.removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(
            "if-match-malformed",
            it='If-Match deve essere l\'ETag letto, per esempio "3".',
            en='If-Match must be the ETag that was read, for example "3".',
            errors=(
                FieldError("If-Match", "pattern", 'a version in quotes, such as "3"', 'una versione tra virgolette, come "3"'),
            ),
        )
    return int(text)


Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=200, description="Repeat a request safely: the answer comes again."),
]


async def commands(
    request: Request,
    who: Who,
    if_match: Annotated[str | None, Header(description="The ETag that was read; a newer version answers 412.")] = None,
    idempotency_key: Key = None,
) -> Commands:
    """Bind the write path to this request."""
    return await _bound(request, who, idempotency_key, _expected(if_match))


async def untagged_commands(request: Request, who: Who, idempotency_key: Key = None) -> Commands:
    """Bind it for aggregates that several share unseen: their versions would tell each what the others did.

    Raises Invalid for an If-Match, whatever it says.
    """
    if "if-match" in request.headers:
        raise Invalid(
            "if-match-impossible",
            it="Qui le risposte non hanno ETag: togliere If-Match.",
            en="Answers have no ETag here: leave If-Match out.",
            errors=(FieldError("If-Match", "absent", "no such header on this path", "nessun header così su questo percorso"),),
        )
    return await _bound(request, who, idempotency_key, None, tagged=False)


async def _bound(request: Request, who: Principal, key: str | None, expected: int | None, tagged: bool = True) -> Commands:
    request.app.state.runtime.backlog.check()
    write: WritePath = request.app.state.write
    seen = hashlib.sha256(request.method.encode() + request.url.path.encode() + await request.body()).hexdigest()
    return Commands(request, write, who.subject, key, expected, seen, tagged)


Run = Annotated[Commands, Depends(commands)]
RunUntagged = Annotated[Commands, Depends(untagged_commands)]


async def database(request: Request) -> Mongo:
    """Give the service's own database, for reading."""
    mongo: Mongo = request.app.state.mongo
    return mongo


Store = Annotated[Mongo, Depends(database)]
