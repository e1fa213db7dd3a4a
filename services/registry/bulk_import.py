"""The bulk import: members as NDJSON, one result a line; a bad line is told and the rest goes on."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.types import Message, Receive, Scope, Send

from services.registry import rules
from services.registry.api import may_manage
from services.registry.schemas import ImportLine, check_line
from services.registry.store import CONTACT, MEMBER, known_districts, member
from services.registry.texts import TEXTS
from shared.chassis.errors import Claimed, FieldError, Refusal, Unavailable
from shared.chassis.http.auth import Principal, Who, require
from shared.chassis.http.commands import Store
from shared.chassis.http.problems import field_errors
from shared.chassis.ids import uuid7
from shared.chassis.outbox.cause import Cause
from shared.chassis.runtime.service import Runtime
from shared.contracts.registry import ContactRecorded

router = APIRouter()
LONGEST_LINE = 1_000_000
AT_ONCE = 8
SILENT_SECONDS = 30.0
"""Who neither sends nor reads for so long gives its place back: there are few for imports."""


class Stalled(Exception):
    """Nothing more came of a body that has not ended."""


@router.post("/members/import", tags=["members"], response_class=StreamingResponse)
async def import_members(request: Request, who: Who, store: Store) -> StreamingResponse:
    """Take members in as NDJSON (`application/x-ndjson`), for managers and operators.

    Answers one JSON line a line: `created`, `exists` (an identifier is already a member's; nothing changes) or
    `invalid` with the errors. The same file again is safe.
    """
    require(bool(who.roles & {"manager", "operator"}), it="Può farlo un gestore.", en="A manager may do this.")
    districts = await known_districts(store)
    importer = Importer(request.app.state.runtime, who, districts, request.state.correlation)
    return Duplex(importer.run(_lines(request)), media_type="application/x-ndjson")


class Duplex(StreamingResponse):
    """Answers while the request is still being read; the usual one would read it away, looking for a disconnect."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def within(message: Message) -> None:
            async with asyncio.timeout(SILENT_SECONDS):
                await send(message)

        await self.stream_response(within)


class Importer:
    """Imports lines, some at once, and gives the results in the order of the lines."""

    def __init__(self, runtime: Runtime, who: Principal, districts: set[str], correlation: str) -> None:
        self._gate = runtime.gate
        self._backlog = runtime.backlog
        self._write = runtime.write
        self._who = who
        self._districts = districts
        self._cause = Cause(correlation)

    async def run(self, lines: AsyncIterator[bytes]) -> AsyncIterator[str]:
        """Import every line; yield each result as a JSON line."""
        under_way: list[asyncio.Task[dict[str, Any]]] = []
        number, stalled = 0, False
        try:
            async for raw in lines:
                number += 1
                if not raw.strip():
                    continue
                under_way.append(asyncio.create_task(self._line(number, raw)))
                if len(under_way) == AT_ONCE:
                    yield json.dumps(await under_way.pop(0)) + "\n"
        except Stalled:
            stalled = True
        for task in under_way:
            yield json.dumps(await task) + "\n"
        if stalled:
            why = f"no more came for {SILENT_SECONDS:g} s: send the rest again"
            yield json.dumps(_failed(number + 1, "stalled", why)) + "\n"

    async def _line(self, number: int, raw: bytes) -> dict[str, Any]:
        if len(raw) > LONGEST_LINE:
            return _invalid(number, [FieldError("line", "too_long", f"at most {LONGEST_LINE} bytes")])
        try:
            # An import may last longer than it takes to close or to fill the outbox: each line is a command of its own.
            await self._gate.check()
            self._backlog.check()
            line = ImportLine.model_validate_json(raw)
            return {"line": number, **await self._admit(line)}
        except ValidationError as error:
            return _invalid(number, field_errors(error.errors(), 0))
        except Claimed as claimed:
            return {"line": number, "status": "exists", "id": claimed.holder, "claim": claimed.claim}
        except Unavailable as unavailable:
            return _failed(number, unavailable.code, TEXTS.write(unavailable.message, "en"))
        except Refusal as refusal:
            return _invalid(number, list(refusal.errors) or [FieldError("line", refusal.code, refusal.message)])
        except Exception as error:
            return _failed(number, "failed", repr(error))

    async def _admit(self, line: ImportLine) -> dict[str, Any]:
        applied = check_line(line, self._districts)
        may_manage(self._who, list(applied.districts))
        offers = {f"o{number}": offer for number, offer in enumerate(line.offers, 1)}
        needs = {f"n{number}": need for number, need in enumerate(line.needs, 1)}
        status, id = "created", uuid7(self._write.clock())
        try:
            await self._write.execute(MEMBER, id, lambda state: rules.admit(state, applied, offers, needs), self._cause)
        except Claimed as claimed:
            status, id = "exists", claimed.holder
        if line.contact is not None and (status == "created" or await self._manages(id)):
            contact = ContactRecorded(member_id=id, **line.contact.model_dump())
            await self._write.execute(CONTACT, id, lambda state: rules.first_contact(state, contact), self._cause)
        return {"status": status, "id": id}

    async def _manages(self, id: str) -> bool:
        """Look at the member's own districts: a line may name any, and whoever is its contact gets its mail."""
        return self._who.manages(set((await member(self._write.mongo, id))["state"]["districts"]))


def _invalid(number: int, errors: list[FieldError]) -> dict[str, Any]:
    return {"line": number, "status": "invalid", "errors": [error.written(TEXTS, "en") for error in errors]}


def _failed(number: int, rule: str, message: str) -> dict[str, Any]:
    return {"line": number, "status": "failed", "errors": [{"field": "line", "rule": rule, "message": message}]}


async def _lines(request: Request) -> AsyncIterator[bytes]:
    """Cut the body into lines as it comes; of one that is too long, only as much is kept as tells so. Raises Stalled."""
    rest = b""
    chunks = aiter(request.stream())
    while (chunk := await _next(chunks)) is not None:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line
        rest = rest[: LONGEST_LINE + 1]
    yield rest


async def _next(chunks: AsyncIterator[bytes]) -> bytes | None:
    try:
        return await asyncio.wait_for(anext(chunks, None), SILENT_SECONDS)
    except TimeoutError:
        raise Stalled from None
