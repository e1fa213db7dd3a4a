"""Who may see a member and act for it. Whoever may not know a member gets the answer for one that does not exist."""

from services.registry.member.applicants import is_applicant
from services.registry.member.queries import read_member
from services.registry.member.state import Member
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Principal, require
from shared.chassis.http.permissions import require_manager_of_all
from shared.chassis.mongo import Mongo
from shared.chassis.texts import text
from shared.chassis.writes.aggregate import Stored


async def known_member(store: Mongo, principal: Principal, id: str) -> Stored[Member]:
    """Read a member: an approved one for any token, others for themselves, their applicant and managers. Raises NotFound."""
    member = await read_member(store, id)
    is_public = member.state.status == "approved"
    may_see = is_public or principal.acts_for(id) or principal.manages(set(member.state.districts))
    if not may_see and not await is_applicant(store, principal.subject, id):
        raise NotFound("member-unknown")
    return member


async def own_member(store: Mongo, principal: Principal, id: str) -> Stored[Member]:
    """Read a member for whoever acts for it, its applicant too while it is undecided. Raises NotFound and Forbidden."""
    member = await known_member(store, principal, id)
    undecided = member.state.status == "applied"
    acts = principal.acts_for(id) or (undecided and await is_applicant(store, principal.subject, id))
    require(acts, text("only-the-member"))
    return member


async def admissible_member(store: Mongo, principal: Principal, id: str) -> Stored[Member]:
    """Read a member for whoever decides on its admission: a manager of all its districts. Raises NotFound and Forbidden."""
    member = await known_member(store, principal, id)
    require_manager_of_all(principal, member.state.districts)
    return member
