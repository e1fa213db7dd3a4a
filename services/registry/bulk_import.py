"""The bulk import: members as NDJSON, one result a line; a wrong line is reported and the import continues."""

import asyncio
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError

from services.registry import rules
from services.registry.aggregates import CONTACT, MEMBER
from services.registry.identity import contradict
from services.registry.ndjson import LONGEST_LINE, MEDIA_TYPE, SILENT_SECONDS, NdjsonResponse, Stalled, read_lines
from services.registry.queries import current_members_with, district_ids, read_member
from services.registry.schemas import ImportedLine, ImportLine, RejectedLine
from services.registry.state import evolve_member
from services.registry.texts import TEXTS
from services.registry.validation import check_line
from shared.chassis.errors import Claimed, FieldError, Refusal, Unavailable, invalid
from shared.chassis.http.auth import CurrentPrincipal, Principal, require
from shared.chassis.http.commands import Store
from shared.chassis.http.field_problems import MOST_ERRORS, FieldProblem, field_errors, field_problems
from shared.chassis.http.permissions import require_manager_of_all
from shared.chassis.ids import uuid7
from shared.chassis.outbox.cause import Cause
from shared.chassis.runtime.dependencies import RunningService
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.texts import Message, text
from shared.contracts.registry import ContactRecorded, MemberApplied

router = APIRouter(tags=["members"])
LINES_AT_ONCE = 8
ImportResult = ImportedLine | RejectedLine
RESULTS: dict[int | str, Any] = {200: {"model": ImportResult, "description": "A result for each line, in their order."}}
# The framework describes a stream as text; the model is that of its lines.
LINES_ARE_OBJECTS = {"responses": {"200": {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}}}


@router.post("/members/import", response_class=NdjsonResponse, responses=RESULTS, openapi_extra=LINES_ARE_OBJECTS)
async def import_members(request: Request, principal: CurrentPrincipal, store: Store, service: RunningService) -> NdjsonResponse:
    """Import members as NDJSON (`application/x-ndjson`), for managers and operators.

    Answers one JSON line a line: `created`, `exists` (an identifier is already a member's and none contradicts; nothing
    changes) or `invalid` with the errors. The same file may be sent twice.
    """
    require(bool(principal.roles & {"manager", "operator"}), text("only-managers-or-operators"))
    importer = Importer(service, principal, await district_ids(store), request.state.correlation)
    return NdjsonResponse(importer.run(read_lines(request)))


class Importer:
    """Imports lines, some at once, and gives the results in the order of the lines."""

    def __init__(self, runtime: Runtime, principal: Principal, districts: AbstractSet[str], correlation: str) -> None:
        self._read_only_mode = runtime.read_only
        self._backpressure = runtime.backpressure
        self._write = runtime.write
        self._principal = principal
        self._districts = districts
        self._cause = Cause(correlation)

    async def run(self, lines: AsyncIterator[bytes]) -> AsyncIterator[str]:
        """Import every line; yield each result as a JSON line."""
        under_way: list[asyncio.Task[ImportResult]] = []
        number, stalled = 0, False
        try:
            async for raw in lines:
                number += 1
                if not raw.strip():
                    continue
                under_way.append(asyncio.create_task(self._line(number, raw)))
                if len(under_way) == LINES_AT_ONCE:
                    yield _json_line(await under_way.pop(0))
        except Stalled:
            stalled = True
        for task in under_way:
            yield _json_line(await task)
        if stalled:
            yield _json_line(_failed(number + 1, "stalled", text("import-stalled", seconds=f"{SILENT_SECONDS:g}")))

    async def _line(self, number: int, raw: bytes) -> ImportResult:
        if len(raw) > LONGEST_LINE:
            return _invalid(number, [FieldError("line", "too_long", text("field-bytes-at-most", limit=LONGEST_LINE))])
        try:
            # Each line is a command of its own: an import may outlast the start of a backup, or fill the outbox.
            await self._read_only_mode.check()
            self._backpressure.check()
            return await self._import(number, ImportLine.model_validate_json(raw))
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
            return _invalid(number, field_errors(errors, 0), max(0, len(errors) - MOST_ERRORS))
        except Unavailable as unavailable:
            return _failed(number, unavailable.code, unavailable.message)
        except Refusal as refusal:
            return _invalid(number, list(refusal.errors) or [FieldError("line", refusal.code, refusal.message)])
        except Exception as error:
            return _failed(number, "failed", text("verbatim", text=repr(error)))

    async def _import(self, number: int, line: ImportLine) -> ImportedLine:
        applied = check_line(line, self._districts)
        require_manager_of_all(self._principal, applied.districts)
        imported = await self._admit(number, line, applied)
        if line.contact is not None and (imported.status == "created" or await self._manages(imported.id)):
            contact = ContactRecorded(member_id=imported.id, **line.contact.model_dump())
            await self._write.execute(CONTACT, imported.id, lambda state: rules.first_contact(state, contact), self._cause)
        return imported

    async def _admit(self, number: int, line: ImportLine, applied: MemberApplied) -> ImportedLine:
        offers = {f"o{position}": offer for position, offer in enumerate(line.offers, 1)}
        needs = {f"n{position}": need for position, need in enumerate(line.needs, 1)}
        id = uuid7(self._write.clock())
        try:
            await self._write.execute(MEMBER, id, lambda state: rules.admit(state, applied, offers, needs), self._cause)
        except Claimed as claimed:
            return ImportedLine(line=number, status="exists", id=await self._existing(applied, claimed))
        return ImportedLine(line=number, status="created", id=id)

    async def _existing(self, applied: MemberApplied, claimed: Claimed) -> str:
        """The id of the one member that a line is of. Raises Invalid where an identifier contradicts, or several fit."""
        organisation = evolve_member(None, applied)
        members = await current_members_with(self._write.mongo, organisation)
        fitting = [member.id for member in members if not contradict(organisation, member.state)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise invalid("identifiers", "ambiguous", "field-identifiers-ambiguous", members=", ".join(fitting))
        raise invalid("identifiers", "contradiction", "field-identifiers-contradict", claim=claimed.claim, holder=claimed.holder)

    async def _manages(self, id: str) -> bool:
        """Look at the member's own districts: a line may name any, and its contact would receive the member's mail."""
        member = await read_member(self._write.mongo, id)
        return self._principal.manages(set(member.state.districts))


def _json_line(result: ImportResult) -> str:
    return result.model_dump_json() + "\n"


def _invalid(number: int, errors: list[FieldError], uncounted: int = 0) -> RejectedLine:
    fields = field_problems(errors, TEXTS, "en", uncounted)
    return RejectedLine(line=number, status="invalid", errors=fields.errors, more_errors=fields.more_errors)


def _failed(number: int, rule: str, message: Message) -> RejectedLine:
    problem = FieldProblem(field="line", rule=rule, message=TEXTS.write(message, "en"))
    return RejectedLine(line=number, status="failed", errors=[problem], more_errors=0)
