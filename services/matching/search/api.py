"""Search for suppliers over HTTP, by a free text and by a need."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from services.matching.permissions import MemberId, overseen_member
from services.matching.queries import approved_by_id
from services.matching.ranking import Member
from services.matching.search.engine.client import Engine
from services.matching.search.engine.protocol import Reply, Supplier, SupplierQuestion
from services.matching.search.schemas import Limit, NeedAnswer, SearchAnswer, SearchRequest, SupplierAnswer
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import CurrentPrincipal, Principal, require
from shared.chassis.http.commands import Store
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Mongo
from shared.chassis.texts import text
from shared.contracts.base import Id
from shared.contracts.modes import modes_between

router = APIRouter(tags=["answers"])


@router.post("/answers")
async def search(
    body: SearchRequest, request: Request, principal: CurrentPrincipal, store: Store, engine: Engine, limit: Limit = 10
) -> SearchAnswer:
    """Search for suppliers of what is described, best first. The text is not stored.

    With `member`, or for a member's own request, its collaborations and place count; it is itself no result, nor, where it
    searches itself, are those it declined for good.
    """
    seeker = await _seeker(store, principal, body.member)
    question = SupplierQuestion(
        text=body.text,
        language=body.language,
        seeker=seeker.id if seeker else None,
        by_itself=seeker is None or principal.acts_for(seeker.id),
        limit=limit,
    )
    reply = await engine.request(question, principal.caller)
    suppliers = await _suppliers(store, reply, seeker, language_of(request))
    return SearchAnswer(member=seeker.id if seeker else None, rule=reply.rule, computed=reply.computed, answers=suppliers)


@router.get("/members/{id}/needs/{need}/suggestions")
async def suppliers_for_need(
    id: MemberId,
    need: Annotated[Id, Path(description="The need's id.")],
    request: Request,
    principal: CurrentPrincipal,
    store: Store,
    engine: Engine,
    limit: Limit = 10,
) -> NeedAnswer:
    """Search for suppliers of a member's need, best first; for the member itself and managers of its districts."""
    member = await overseen_member(store, principal, id)
    stored = next((item for item in member.needs if item.id == need), None)
    if stored is None:
        raise NotFound("need-unknown")
    description = f"{stored.title}\n{stored.text}"
    own = principal.acts_for(id)
    question = SupplierQuestion(text=description, language=stored.language, seeker=id, by_itself=own, limit=limit)
    reply = await engine.request(question, principal.caller)
    suppliers = await _suppliers(store, reply, member, language_of(request))
    return NeedAnswer(need=need, member=id, rule=reply.rule, computed=reply.computed, answers=suppliers)


async def _seeker(store: Mongo, principal: Principal, named: str | None) -> Member | None:
    """Read the member that searches: the one that is named, else that of the token; None for managers and operators.

    Raises Forbidden for everybody else, so for who has withdrawn or never was a member.
    """
    if named is not None:
        return await overseen_member(store, principal, named)
    own = principal.member if "member" in principal.roles else None
    seeker = (await approved_by_id(store, {own})).get(own) if own else None
    allowed = seeker is not None or bool(principal.managed) or "operator" in principal.roles
    require(allowed, text("only-members-managers-operators"))
    return seeker


async def _suppliers(store: Mongo, reply: Reply, seeker: Member | None, language: str) -> list[SupplierAnswer]:
    """Show the suppliers that are still approved, with names."""
    members = await approved_by_id(store, {supplier.partner for supplier in reply.suppliers})
    return [
        _supplier(supplier, members[supplier.partner], seeker, language)
        for supplier in reply.suppliers
        if supplier.partner in members
    ]


def _supplier(supplier: Supplier, partner: Member, seeker: Member | None, language: str) -> SupplierAnswer:
    return SupplierAnswer(
        partner=supplier.partner,
        score=supplier.score,
        contributions=supplier.contributions,
        features=supplier.features,
        best=supplier.best,
        reasons=supplier.reasons.in_(language),
        name=partner.name,
        modes=list(modes_between(seeker.kind, partner.kind)) if seeker else [],
    )
