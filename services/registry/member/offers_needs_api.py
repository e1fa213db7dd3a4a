"""Offers and needs of members over HTTP."""

from fastapi import APIRouter, Response

from services.registry.member import rules
from services.registry.member.access import own_member
from services.registry.member.aggregate import MEMBER
from services.registry.member.api import member_answer
from services.registry.member.schemas import MemberAnswer, MemberId
from services.registry.member.validation import check_offer, check_topics
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Run, Store
from shared.chassis.ids import uuid7
from shared.contracts.base import Id
from shared.contracts.registry import Need, Offer

router = APIRouter(prefix="/members/{id}", tags=["offers and needs"])


@router.post("/offers", status_code=201, response_model=MemberAnswer)
async def publish_offer(id: MemberId, body: Offer, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Publish an offer."""
    await own_member(store, principal, id)
    check_offer(body)
    offer_id = uuid7(run.now)
    return await run.run(MEMBER, id, lambda state: rules.publish_offer(state, offer_id, body), answer=member_answer, status=201)


@router.delete("/offers/{part}", response_model=MemberAnswer)
async def withdraw_offer(id: MemberId, part: Id, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Withdraw an offer."""
    await own_member(store, principal, id)
    return await run.run(MEMBER, id, lambda state: rules.withdraw_offer(state, part), answer=member_answer)


@router.post("/needs", status_code=201, response_model=MemberAnswer)
async def publish_need(id: MemberId, body: Need, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Publish a need."""
    await own_member(store, principal, id)
    check_topics(body.topics, "topics")
    need_id = uuid7(run.now)
    return await run.run(MEMBER, id, lambda state: rules.publish_need(state, need_id, body), answer=member_answer, status=201)


@router.delete("/needs/{part}", response_model=MemberAnswer)
async def withdraw_need(id: MemberId, part: Id, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Withdraw a need."""
    await own_member(store, principal, id)
    return await run.run(MEMBER, id, lambda state: rules.withdraw_need(state, part), answer=member_answer)
