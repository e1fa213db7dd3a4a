"""Districts and the taxonomy over HTTP."""

from fastapi import APIRouter, Response

from services.registry.district import rules
from services.registry.district.aggregate import DISTRICT
from services.registry.district.queries import list_districts
from services.registry.district.schemas import DistrictAnswer, DistrictOpening, OpenedDistrict, Taxonomy
from shared.chassis.http.answers import answer_of
from shared.chassis.http.commands import Run, Store
from shared.chassis.http.pagination import Cursor, Limit, Page
from shared.chassis.http.permissions import require_operator
from shared.chassis.http.request_bodies import request_body
from shared.contracts.registry import DistrictOpened
from shared.contracts.taxonomy import PRIORITIES, TOPICS

router = APIRouter(tags=["districts"])


@router.post("/districts", status_code=201, response_model=OpenedDistrict)
@request_body(admit=require_operator)
async def open_district(body: DistrictOpening, run: Run) -> Response:
    """Open a district. Operators only; a repetition changes nothing."""
    opened = DistrictOpened(name=body.name, theme=body.theme)
    return await run.run(
        DISTRICT,
        body.id,
        lambda state: rules.open_district(state, opened),
        answer=lambda district: answer_of(OpenedDistrict, district),
        status=201,
    )


@router.get("/districts")
async def read_districts(store: Store, limit: Limit = 50, cursor: Cursor = None) -> Page[DistrictAnswer]:
    """List the districts. Public."""
    return await list_districts(store, limit, cursor, lambda district: answer_of(DistrictAnswer, district))


@router.get("/taxonomy")
async def read_taxonomy() -> Taxonomy:
    """Give the three technology priorities and their topics, in Italian and English. Public."""
    return Taxonomy(priorities=dict(PRIORITIES), topics=dict(TOPICS))
