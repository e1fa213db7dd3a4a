"""The bulk import over HTTP: members as NDJSON, one result a line."""

from typing import Any

from fastapi import APIRouter, Request

from services.registry.bulk_import.importer import Importer
from services.registry.bulk_import.ndjson import MEDIA_TYPE, NdjsonResponse, read_lines
from services.registry.bulk_import.results import ImportResult
from services.registry.bulk_import.schemas import ImportLine, ImportSummary
from services.registry.district.queries import district_ids
from shared.chassis.http.auth import CurrentPrincipal, Principal, require
from shared.chassis.http.commands import Store
from shared.chassis.http.openapi import inline_schema
from shared.chassis.http.request_bodies import request_body
from shared.chassis.runtime.dependencies import RunningService
from shared.chassis.texts import text

router = APIRouter(tags=["members"])
RESULTS: dict[int | str, Any] = {
    200: {"model": ImportResult | ImportSummary, "description": "A result for each line, in their order; last the summary."}
}
# The framework knows neither bodies nor answers of lines: the schemas are those of one line.
LINES_ARE_OBJECTS = {
    "requestBody": {
        "required": True,
        "description": "A member a line; blank lines are passed over.",
        "content": {MEDIA_TYPE: {"schema": inline_schema(ImportLine)}},
    },
    "responses": {"200": {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}},
}


def may_import(principal: Principal) -> None:
    """Raise Forbidden for whoever may import no line."""
    require(bool(principal.roles & {"manager", "operator"}), text("only-managers-or-operators"))


@router.post("/members/import", status_code=200, response_class=NdjsonResponse, responses=RESULTS, openapi_extra=LINES_ARE_OBJECTS)
@request_body(streamed=True, admit=may_import)
async def import_members(request: Request, principal: CurrentPrincipal, store: Store, service: RunningService) -> NdjsonResponse:
    """Import members as NDJSON (`application/x-ndjson`), for managers and operators.

    Answers one JSON line a line, in their order and while more are sent: `created`, `exists` (an identifier is already a
    member's and none contradicts; nothing changes), `invalid` or `failed` with the errors. The last line is the summary: an
    answer without it ended early, whatever its status. The same file may be sent twice. A client that sends no line for 30 s
    is cut off.
    """
    importer = Importer(service, principal, await district_ids(store), request.state.correlation)
    return NdjsonResponse(importer.run(read_lines(request)))
