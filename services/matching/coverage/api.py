"""Coverage over HTTP, for managers: members of a district without a suggestion, and needs without an answer."""

from collections.abc import AsyncIterator
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Query

from services.matching.coverage.counts import CoverageCounts
from services.matching.coverage.queries import ANSWER_SCORE, coverage_of
from services.matching.coverage.rules import MemberCoverage, NeedCoverage
from services.matching.coverage.schemas import CoverageAnswer, MemberWithoutSuggestion, NeedWithoutAnswer
from services.matching.queries import require_district
from shared.chassis.http.auth import CurrentPrincipal, require
from shared.chassis.http.commands import Store
from shared.chassis.http.pagination import Cursor, Limit, Page, foreign_cursor, read_cursor, write_cursor
from shared.chassis.texts import text
from shared.contracts.base import Id
from shared.contracts.matching import Mode

T = TypeVar("T")
InMode = Annotated[Mode | None, Query(description="Lacking in this mode; without it, in every one.")]
Score = Annotated[float, Query(ge=0, le=1, allow_inf_nan=False, description="What a suggestion must score to be an answer.")]


async def managed_district(
    id: Annotated[Id, Path(description="The district's id.")], principal: CurrentPrincipal, store: Store
) -> str:
    """Give a district to its managers and to operators. Raises Forbidden and NotFound."""
    require(principal.manages({id}), text("only-a-manager-of-the-district"))
    await require_district(store, id)
    return id


District = Annotated[str, Depends(managed_district)]
router = APIRouter(prefix="/districts/{id}/coverage", tags=["coverage"])


@router.get("")
async def coverage(district: District, store: Store, min_score: Score = ANSWER_SCORE) -> CoverageAnswer:
    """Count the district's members, those without a suggestion, their needs, and those without an answer; also by mode.

    A need is answered where a suggestion of at least `min_score` rests on it.
    """
    counts = CoverageCounts()
    async for member in coverage_of(store, district, min_score):
        counts.add(member)
    return CoverageAnswer(district=district, min_score=min_score, members=counts.members(), needs=counts.needs())


@router.get("/members")
async def members_without_suggestion(
    district: District, store: Store, mode: InMode = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[MemberWithoutSuggestion]:
    """List the members without a suggestion; `modes` are those open to them in which they have none."""
    after = read_cursor(cursor) if cursor else ""
    lacking = (
        (member.id, _member(member))
        async for member in coverage_of(store, district, 0, after)
        if member.id != after and member.lacks(mode)
    )
    return await _page(lacking, limit)


@router.get("/needs")
async def needs_without_answer(
    district: District, store: Store, mode: InMode = None, min_score: Score = ANSWER_SCORE, limit: Limit = 50, cursor: Cursor = None
) -> Page[NeedWithoutAnswer]:
    """List the needs without an answer; `modes` are those in which they could have one and do not."""
    begin, after = _position(cursor)
    lacking = (
        (f"{member.id} {need.id}", _need(member, need))
        async for member in coverage_of(store, district, min_score, begin)
        for need in member.needs
        if (member.id, need.id) > (begin, after) and need.lacks(mode)
    )
    return await _page(lacking, limit)


def _position(cursor: str | None) -> tuple[str, str]:
    if cursor is None:
        return "", ""
    member, space, need = read_cursor(cursor).partition(" ")
    if not space:
        raise foreign_cursor()
    return member, need


def _member(member: MemberCoverage) -> MemberWithoutSuggestion:
    modes = [mode for mode in member.modes if member.lacks(mode)]
    return MemberWithoutSuggestion(member=member.id, name=member.name, kind=member.kind, modes=modes)


def _need(member: MemberCoverage, need: NeedCoverage) -> NeedWithoutAnswer:
    modes = [mode for mode in need.modes if need.lacks(mode)]
    return NeedWithoutAnswer(member=member.id, name=member.name, need=need.id, title=need.title, nature=need.nature, modes=modes)


async def _page(lacking: AsyncIterator[tuple[str, T]], limit: int) -> Page[T]:
    """Read on until a page is full; `next` is where it ended, if there is more."""
    items: list[T] = []
    last = ""
    async for position, item in lacking:
        if len(items) == limit:
            return Page(items=items, next=write_cursor(last))
        items.append(item)
        last = position
    return Page(items=items, next=None)
