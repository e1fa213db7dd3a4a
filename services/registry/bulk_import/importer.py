"""Imports the lines of a stream; a wrong line is reported and the import continues."""

import asyncio
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

import structlog
from pydantic import ValidationError
from pydantic_core import InitErrorDetails
from starlette.requests import ClientDisconnect

from services.registry.bulk_import.ndjson import LONGEST_LINE, SILENT_SECONDS, Stalled
from services.registry.bulk_import.results import ImportResult, failed_line, invalid_line, json_line
from services.registry.bulk_import.schemas import ImportedLine, ImportLine, ImportSummary, RejectedLine
from services.registry.bulk_import.validation import check_line
from services.registry.contact.aggregate import CONTACT
from services.registry.contact.rules import first_contact
from services.registry.member.aggregate import MEMBER
from services.registry.member.queries import current_members_with, read_member
from services.registry.member.rules import admit, are_distinct
from services.registry.member.state import evolve
from shared.chassis.errors import Claimed, FieldError, Refusal, Unavailable, invalid
from shared.chassis.http.auth import Principal
from shared.chassis.http.field_problems import MOST_ERRORS, field_errors
from shared.chassis.http.json_bodies import read_json
from shared.chassis.http.permissions import require_manager_of_all
from shared.chassis.http.strict_bodies import refuse_coercions
from shared.chassis.ids import uuid7
from shared.chassis.outbox.cause import Cause
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.texts import text
from shared.contracts.registry import ContactRecorded, MemberApplied

log = structlog.get_logger()
LINES_AT_ONCE = 8
Started: TypeAlias = asyncio.Queue[asyncio.Task[ImportResult] | None]
"""The lines under way, in their order; None after the last."""


class Importer:
    """Imports lines, some at once, and gives the results in the order of the lines."""

    def __init__(self, runtime: Runtime, principal: Principal, districts: AbstractSet[str], correlation: str) -> None:
        self._read_only_mode = runtime.read_only
        self._backpressure = runtime.backpressure
        self._write = runtime.write
        self._lines_at_work = runtime.import_lines
        self._principal = principal
        self._districts = districts
        self._cause = Cause(correlation)

    async def run(self, lines: AsyncIterator[bytes]) -> AsyncGenerator[str]:
        """Import lines as they come; yield each result once those before it are there, and last the summary of a whole import."""
        started: Started = asyncio.Queue()
        places = asyncio.Semaphore(LINES_AT_ONCE)
        reading = asyncio.create_task(self._start(lines, started, places))
        reading.add_done_callback(lambda _: started.put_nowait(None))
        counts: Counter[str] = Counter(created=0, exists=0, invalid=0, failed=0)
        try:
            while (task := await started.get()) is not None:
                result = await task
                places.release()
                counts[result.status] += 1
                yield json_line(result)
            if (ending := await reading) is None:
                yield json_line(ImportSummary(status="complete", lines=counts.total(), **counts))
            else:
                log.info("import_ended_early", reason=ending.errors[0].rule, **counts)
                yield json_line(ending)
        finally:
            reading.cancel()

    async def _start(self, lines: AsyncIterator[bytes], started: Started, places: asyncio.Semaphore) -> RejectedLine | None:
        """Start the import of each line that is not blank; return why the lines ended early, or None at their end."""
        number = 0
        try:
            async for line in lines:
                number += 1
                # A spreadsheet begins its file with a byte order mark.
                raw = line.removeprefix(BOM_UTF8)
                if raw.strip():
                    await places.acquire()
                    started.put_nowait(asyncio.create_task(self._line(number, raw)))
        except Stalled:
            return failed_line(number + 1, "stalled", text("import-stalled", seconds=f"{SILENT_SECONDS:g}"))
        except ClientDisconnect:
            return failed_line(number + 1, "client_left", text("import-client-left"))
        return None

    async def _line(self, number: int, raw: bytes) -> ImportResult:
        if len(raw) > LONGEST_LINE:
            return invalid_line(number, [FieldError("line", "too_long", text("field-bytes-at-most", limit=LONGEST_LINE))])
        try:
            async with self._lines_at_work:
                # Each line is a command of its own: an import may outlast the start of a backup, or fill the outbox.
                await self._read_only_mode.check()
                self._backpressure.check()
                return await self._import(number, _read_line(raw))
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
            return invalid_line(number, field_errors(errors, 0), max(0, len(errors) - MOST_ERRORS))
        except Unavailable as unavailable:
            return failed_line(number, unavailable.code, unavailable.message)
        except Refusal as refusal:
            return invalid_line(number, list(refusal.errors) or [FieldError("line", refusal.code, refusal.message)])
        except Exception as error:
            log.warning("import_line_failed", line=number, error=repr(error))
            return failed_line(number, "failed", text("failed"))

    async def _import(self, number: int, line: ImportLine) -> ImportedLine:
        applied = check_line(line, self._districts)
        require_manager_of_all(self._principal, applied.districts)
        imported = await self._admit(number, line, applied)
        if line.contact is not None and (imported.status == "created" or await self._manages(imported.id)):
            contact = ContactRecorded(member_id=imported.id, **line.contact.model_dump())
            await self._write.execute(CONTACT, imported.id, lambda state: first_contact(state, contact), self._cause)
        return imported

    async def _admit(self, number: int, line: ImportLine, applied: MemberApplied) -> ImportedLine:
        now = self._write.clock()
        # Not counted: a gap would tell a reader of a part that it may not see.
        offers = {uuid7(now): offer for offer in line.offers}
        needs = {uuid7(now): need for need in line.needs}
        id = uuid7(now)
        try:
            await self._write.execute(MEMBER, id, lambda state: admit(state, applied, offers, needs), self._cause)
        except Claimed as claimed:
            return ImportedLine(line=number, status="exists", id=await self._existing(applied, claimed))
        return ImportedLine(line=number, status="created", id=id)

    async def _existing(self, applied: MemberApplied, claimed: Claimed) -> str:
        """The id of the one member that a line is of. Raises Invalid where an identifier contradicts, or several fit."""
        organisation = evolve(None, applied)
        members = await current_members_with(self._write.mongo, organisation)
        fitting = [member.id for member in members if not are_distinct(organisation, member.state)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise invalid("identifiers", "ambiguous", "field-identifiers-ambiguous", members=", ".join(fitting))
        raise invalid("identifiers", "contradiction", "field-identifiers-contradict", claim=claimed.claim, holder=claimed.holder)

    async def _manages(self, id: str) -> bool:
        """Look at the member's own districts: a line may name any, and its contact would receive the member's mail."""
        member = await read_member(self._write.mongo, id)
        return self._principal.manages(set(member.state.districts))


def _read_line(raw: bytes) -> ImportLine:
    """Read a line. Raises ValidationError.

    It is decoded first: the model would decode it into a form of its own, with hundreds of bytes for each wrong element.
    """
    sent = _decoded(raw)
    line = ImportLine.model_validate(sent)
    refuse_coercions(sent, line.model_dump(mode="json", exclude_unset=True))
    return line


def _decoded(raw: bytes) -> Any:
    try:
        return read_json(raw)
    except (ValueError, RecursionError) as error:
        wrong = InitErrorDetails(type="json_invalid", input=None, ctx={"error": str(error)})
        raise ValidationError.from_exception_data("line", [wrong]) from None
