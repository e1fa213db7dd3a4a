"""The registry over HTTP: districts, the taxonomy, members with their offers and needs."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.registry import rules
from services.registry.schemas import Application, ContactDetails, check_application, check_topics
from services.registry.store import CONTACT, DISTRICT, MEMBER, known_districts, member, seen_by
from shared.chassis.errors import NotFound
from shared.chassis.http.answers import etag
from shared.chassis.http.auth import Principal, Who, require
from shared.chassis.http.commands import Run, Store, encode
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.ids import uuid7
from shared.contracts.base import Id, LocalizedText
from shared.contracts.registry import ContactRecorded, DistrictOpened, Kind, Need, Offer, Profile
from shared.contracts.taxonomy import PRIORITIES, TOPICS

router = APIRouter()
MemberId = Annotated[Id, Path(description="The member's id.")]


class Opening(BaseModel):
    """A district to open."""

    model_config = ConfigDict(extra="forbid")
    id: Id
    name: LocalizedText
    theme: LocalizedText


class Reason(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=1000)


def may_act(who: Principal, id: str) -> None:
    """Raise Forbidden unless `who` acts for this member."""
    require(who.acts_for(id), it="Può farlo solo il membro stesso.", en="Only the member itself may do this.")


def may_manage(who: Principal, districts: list[str]) -> None:
    """Raise Forbidden unless `who` manages one of these districts."""
    require(who.manages(set(districts)), it="Può farlo un gestore del distretto.", en="A manager of the district may do this.")


@router.post("/districts", status_code=201, tags=["districts"])
async def open_district(body: Opening, who: Who, run: Run) -> Response:
    """Open a district. Operators only; the same district again changes nothing."""
    require("operator" in who.roles, it="Può farlo un operatore.", en="An operator may do this.")
    opened = DistrictOpened(name=body.name, theme=body.theme)
    return await run.run(DISTRICT, body.id, lambda state: rules.open_district(state, opened), status=201)


@router.get("/districts", tags=["districts"])
async def list_districts(store: Store, limit: Limit = 50, cursor: Cursor = None) -> Page[Any]:
    """List the districts. Public."""
    return await page(store[DISTRICT.collection], {}, limit, cursor, lambda found: {"id": found["_id"], **found["state"]})


@router.get("/taxonomy", tags=["districts"])
async def taxonomy() -> dict[str, dict[str, LocalizedText]]:
    """Give the three technology priorities and their topics, in Italian and English. Public."""
    return {"priorities": dict(PRIORITIES), "topics": dict(TOPICS)}


@router.post("/members", status_code=201, tags=["members"])
async def apply(body: Application, who: Who, run: Run, store: Store) -> Response:
    """Apply for membership of one or more districts. An identifier that another member has answers 409."""
    applied = check_application(body, await known_districts(store))
    return await run.run(MEMBER, uuid7(run.now), lambda state: rules.apply(state, applied), status=201, district=body.districts[0])


@router.get("/members", tags=["members"])
async def list_members(
    who: Who,
    store: Store,
    kind: Annotated[Kind | None, Query()] = None,
    district: Annotated[str | None, Query(max_length=100)] = None,
    status: Annotated[rules.Status, Query()] = "approved",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Any]:
    """List members by kind, district and status. Those not approved are for managers and operators."""
    query: dict[str, Any] = {"state.status": status}
    if status != "approved" and "operator" not in who.roles:
        may_manage(who, [district] if district else [])
    if kind:
        query["state.kind"] = kind
    if district:
        query["state.districts"] = district
    return await page(store[MEMBER.collection], query, limit, cursor, lambda found: encode(seen_by(who, found)))


@router.get("/members/{id}", tags=["members"])
async def read_member(id: MemberId, who: Who, store: Store) -> Response:
    """Read one member, with an ETag to send back as If-Match."""
    found = await member(store, id)
    if found["state"]["status"] != "approved" and not who.acts_for(id):
        may_manage(who, found["state"]["districts"])
    return JSONResponse(encode(seen_by(who, found)), headers={"ETag": etag(found["version"])})


@router.post("/members/{id}/approve", tags=["members"])
async def approve(id: MemberId, who: Who, run: Run, store: Store) -> Response:
    """Approve an application."""
    may_manage(who, (await member(store, id))["state"]["districts"])
    return await run.run(MEMBER, id, rules.approve)


@router.post("/members/{id}/refuse", tags=["members"])
async def refuse(id: MemberId, body: Reason, who: Who, run: Run, store: Store) -> Response:
    """Refuse an application, with the reason."""
    may_manage(who, (await member(store, id))["state"]["districts"])
    return await run.run(MEMBER, id, lambda state: rules.refuse(state, body.reason))


@router.post("/members/{id}/withdraw", tags=["members"])
async def withdraw(id: MemberId, body: Reason, who: Who, run: Run) -> Response:
    """Leave the districts."""
    may_act(who, id)
    return await run.run(MEMBER, id, lambda state: rules.withdraw(state, body.reason))


@router.put("/members/{id}/profile", tags=["members"])
async def revise_profile(id: MemberId, body: Profile, who: Who, run: Run) -> Response:
    """Replace the profile; send If-Match so as not to overwrite what another wrote."""
    may_act(who, id)
    check_topics(body.topics, "topics")
    return await run.run(MEMBER, id, lambda state: rules.revise_profile(state, body))


@router.post("/members/{id}/offers", status_code=201, tags=["offers and needs"])
async def publish_offer(id: MemberId, body: Offer, who: Who, run: Run) -> Response:
    """Publish an offer."""
    may_act(who, id)
    check_topics(body.topics, "topics")
    offer_id = uuid7(run.now)
    return await run.run(MEMBER, id, lambda state: rules.publish_offer(state, offer_id, body), status=201)


@router.delete("/members/{id}/offers/{part}", tags=["offers and needs"])
async def withdraw_offer(id: MemberId, part: Id, who: Who, run: Run) -> Response:
    """Withdraw an offer."""
    may_act(who, id)
    return await run.run(MEMBER, id, lambda state: rules.withdraw_offer(state, part))


@router.post("/members/{id}/needs", status_code=201, tags=["offers and needs"])
async def publish_need(id: MemberId, body: Need, who: Who, run: Run) -> Response:
    """Publish a need."""
    may_act(who, id)
    check_topics(body.topics, "topics")
    need_id = uuid7(run.now)
    return await run.run(MEMBER, id, lambda state: rules.publish_need(state, need_id, body), status=201)


@router.delete("/members/{id}/needs/{part}", tags=["offers and needs"])
async def withdraw_need(id: MemberId, part: Id, who: Who, run: Run) -> Response:
    """Withdraw a need."""
    may_act(who, id)
    return await run.run(MEMBER, id, lambda state: rules.withdraw_need(state, part))


@router.put("/members/{id}/contact", tags=["members"])
async def record_contact(id: MemberId, body: ContactDetails, who: Who, run: Run, store: Store) -> Response:
    """Record whom to write to. Personal data: it is told to notifications alone."""
    may_act(who, id)
    await member(store, id)
    recorded = ContactRecorded(member_id=id, name=body.name, email=body.email, language=body.language)
    return await run.run(CONTACT, id, lambda state: rules.record_contact(state, recorded))


@router.get("/members/{id}/contact", tags=["members"])
async def read_contact(id: MemberId, who: Who, store: Store) -> Response:
    """Read whom to write to; the member itself and operators."""
    may_act(who, id)
    found = await store[CONTACT.collection].find_one({"_id": id})
    if found is None:
        raise NotFound("contact-unknown", it="Nessun contatto registrato.", en="No contact recorded.")
    return JSONResponse(encode(found["state"]), headers={"ETag": etag(found["version"])})
