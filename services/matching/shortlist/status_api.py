"""Progress of the ranking, over HTTP."""

from fastapi import APIRouter

from services.matching.shortlist.queries import ranking_status
from services.matching.shortlist.schemas import RankingStatusAnswer
from shared.chassis.http.auth import CurrentPrincipal, require
from shared.chassis.http.commands import Store
from shared.chassis.texts import text

router = APIRouter(tags=["suggestions"])


@router.get("/ranking")
async def ranking(principal: CurrentPrincipal, store: Store) -> RankingStatusAnswer:
    """Report the progress of the ranking: members, shortlists, members still to be ranked, suggestions by mode."""
    require(bool(principal.roles & {"operator", "manager"}), text("only-managers-and-operators"))
    return RankingStatusAnswer.model_validate(await ranking_status(store))
