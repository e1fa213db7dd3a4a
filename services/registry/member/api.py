"""Members over HTTP: applications, approval, profile, withdrawal."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.registry.district.queries import district_ids
from services.registry.member import rules
from services.registry.member.access import admissible_member, known_member, own_member
from services.registry.member.aggregate import MEMBER
from services.registry.member.applicants import recorded_applicant
from services.registry.member.queries import MemberFilter, list_members
from services.registry.member.schemas import Application, MemberAnswer, MemberId, ProfileReplacement, Reason
from services.registry.member.state import Member, Status
from services.registry.member.validation import check_application, check_profile
from services.registry.member.visibility import EVERY_VISIBILITY, own_districts, visible_to
from shared.chassis.http.answers import answer_of, json_response, tagged
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.http.commands import Run, Store
from shared.chassis.http.pagination import Cursor, Limit, Page
from shared.chassis.http.permissions import require_manager
from shared.chassis.ids import uuid7
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import Id
from shared.contracts.registry import Kind, Profile

router = APIRouter(tags=["members"])


def member_answer(member: Stored[Member]) -> MemberAnswer:
    """Show all of a member, as commands answer."""
    return answer_of(MemberAnswer, member)


def member_seen_by(principal: Principal, districts: frozenset[str], member: Stored[Member]) -> MemberAnswer:
    """Show a member with the offers and needs that a reader of these districts may see."""
    visible, state = visible_to(principal, districts, member), member.state
    offers = {id: offer for id, offer in state.offers.items() if offer.visibility in visible}
    needs = {id: need for id, need in state.needs.items() if need.visibility in visible}
    version = member.version if visible >= EVERY_VISIBILITY else None
    return answer_of(MemberAnswer, member, offers=offers, needs=needs, version=version)


@router.post("/members", status_code=201, response_model=MemberAnswer)
async def apply(body: Application, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Apply for membership of one or more districts; any token may. An identifier that a member has answers 409.

    The application can be read, changed and taken back with a token of the same subject. It reserves no identifier: whoever else
    has the same one can apply too, and who decides admits one of them.
    """
    applied = check_application(body, await district_ids(store))
    districts = await own_districts(store, principal)

    def answer(member: Stored[Member]) -> MemberAnswer:
        # Sent again later, an application may meet a member that has changed, and that its applicant need not act for.
        return member_answer(member) if member.state.status == "applied" else member_seen_by(principal, districts, member)

    return await run.run(
        MEMBER,
        uuid7(run.now),
        lambda state: rules.apply(state, applied),
        answer=answer,
        status=201,
        district=body.districts[0],
        alongside=recorded_applicant(store, principal.subject),
    )


@router.get("/members")
async def read_members(
    principal: CurrentPrincipal,
    store: Store,
    kind: Annotated[Kind | None, Query()] = None,
    district: Annotated[Id | None, Query()] = None,
    status: Annotated[Status, Query()] = "approved",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[MemberAnswer]:
    """List members by kind, district and status. Those not approved are for managers and operators."""
    if status != "approved":
        require_manager(principal, [district] if district else [])
    criteria = MemberFilter(status, kind, district)
    districts = await own_districts(store, principal)
    return await list_members(store, criteria, limit, cursor, lambda member: member_seen_by(principal, districts, member))


@router.get("/members/{id}", response_model=MemberAnswer)
async def read_one_member(id: MemberId, principal: CurrentPrincipal, store: Store) -> Response:
    """Read one member; who sees all of it gets an ETag to send back as If-Match."""
    member = await known_member(store, principal, id)
    answer = member_seen_by(principal, await own_districts(store, principal), member)
    return json_response(answer) if answer.version is None else tagged(answer, answer.version)


@router.post("/members/{id}/approve", response_model=MemberAnswer)
async def approve(id: MemberId, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Approve an application, as a manager of all its districts."""
    await admissible_member(store, principal, id)
    return await run.run(MEMBER, id, rules.approve, answer=member_answer)


@router.post("/members/{id}/refuse", response_model=MemberAnswer)
async def refuse(id: MemberId, body: Reason, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Refuse an application, with the reason, as a manager of all its districts."""
    await admissible_member(store, principal, id)
    return await run.run(MEMBER, id, lambda state: rules.refuse(state, body.reason), answer=member_answer)


@router.post("/members/{id}/withdraw", response_model=MemberAnswer)
async def withdraw(id: MemberId, body: Reason, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Leave the districts, or take an application back."""
    await own_member(store, principal, id)
    return await run.run(MEMBER, id, lambda state: rules.withdraw(state, body.reason), answer=member_answer)


@router.put("/members/{id}/profile", response_model=MemberAnswer)
async def revise_profile(id: MemberId, body: ProfileReplacement, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Replace the profile, with every field; send If-Match so as not to overwrite a newer one."""
    await own_member(store, principal, id)
    check_profile(body)
    return await run.run(MEMBER, id, lambda state: rules.revise_profile(state, Profile(**body.model_dump())), answer=member_answer)
