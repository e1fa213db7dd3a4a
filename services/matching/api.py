"""Matching over HTTP: suggestions with their reasons, interests, introductions."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.matching import domain
from services.matching.ranking import modes_of
from services.matching.store import (
    INTRODUCTION,
    approved_member,
    evidence_for,
    names_of,
    ranking_status,
    shortlist,
)
from shared.chassis.errors import FieldError, Invalid, NotFound
from shared.chassis.http.auth import Who, require
from shared.chassis.http.commands import Run, Store, encode
from shared.chassis.http.paging import Cursor, Limit, Page, page
from shared.chassis.http.problems import language_of
from shared.contracts.base import Id
from shared.contracts.matching import DeclineCode, Mode

router = APIRouter()
MemberId = Annotated[Id, Path(description="The member's id.")]


class Interest(BaseModel):
    """One member's interest in another."""

    model_config = ConfigDict(extra="forbid")
    mode: Mode
    by: Id
    towards: Id


class Decline(Interest):
    """One member's refusal of another, with the reason in words, and its code where one fits: the ranking reads that."""

    reason: str = Field(min_length=1, max_length=1000)
    code: DeclineCode | None = None


@router.get("/members/{id}/suggestions", tags=["suggestions"])
async def suggestions(
    id: MemberId,
    request: Request,
    who: Who,
    store: Store,
    mode: Annotated[Mode | None, Query(description="Only this mode.")] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 20,
) -> dict[str, Any]:
    """List the member's suggestions, best first, by mode, each with the reasons in the language asked for."""
    member = await approved_member(store, id)
    allowed = who.acts_for(id) or who.manages(set(member["districts"]))
    require(allowed, it="Può vederle il membro o il suo gestore.", en="The member itself or its manager may see them.")
    found = await shortlist(store, id)
    lists = {name: items[:limit] for name, items in found["lists"].items() if mode in (None, name)}
    names = await names_of(store, [item["partner"] for items in lists.values() for item in items])
    language = language_of(request)
    shown = {name: [_show(item, names, language) for item in items] for name, items in lists.items()}
    return {"member": id, "computed": encode(found["computed"]), "suggestions": shown}


def _show(item: dict[str, Any], names: dict[str, str], language: str) -> dict[str, Any]:
    said: dict[str, str] = {name: item[name][language] for name in ("why", "why_not", "raise") if name in item}
    return {**item, "name": names.get(item["partner"]), **said}


@router.post("/interests", status_code=201, tags=["interests"])
async def express(body: Interest, who: Who, run: Run, store: Store) -> Response:
    """Express interest. When the other side has too, the two are introduced."""
    require(who.acts_for(body.by), it="Può farlo solo il membro stesso.", en="Only the member itself may do this.")
    await _check_mode(store, body)
    evidence = await evidence_for(store, body.by, body.mode, body.towards)
    id = domain.introduction_id(body.mode, body.by, body.towards)
    return await run.run(
        INTRODUCTION,
        id,
        lambda state: domain.express(state, body.mode, body.by, body.towards, evidence),
        status=201,
        body=lambda written: _introduction({"_id": written.id, "state": written.state}, body.by),
    )


@router.post("/declines", status_code=201, tags=["interests"])
async def decline(body: Decline, who: Who, run: Run, store: Store) -> Response:
    """Decline a suggestion or an interest, with the reason."""
    require(who.acts_for(body.by), it="Può farlo solo il membro stesso.", en="Only the member itself may do this.")
    await _check_mode(store, body)
    id = domain.introduction_id(body.mode, body.by, body.towards)
    return await run.run(
        INTRODUCTION,
        id,
        lambda state: domain.decline(state, body.mode, body.by, body.towards, body.reason, body.code),
        status=201,
        body=lambda written: _introduction({"_id": written.id, "state": written.state}, body.by),
    )


async def _check_mode(store: Store, interest: Interest) -> None:
    by, towards = await approved_member(store, interest.by), await approved_member(store, interest.towards)
    possible = modes_of(by["kind"], towards["kind"])
    if interest.mode not in possible:
        allowed = ", ".join(sorted(possible)) or "-"
        raise Invalid(
            "mode-impossible",
            it=f"Tra {by['kind']} e {towards['kind']} sono possibili: {allowed}.",
            en=f"Between {by['kind']} and {towards['kind']} these are possible: {allowed}.",
            errors=(FieldError("mode", "mode", allowed),),
        )


@router.get("/members/{id}/introductions", tags=["introductions"])
async def introductions(
    id: MemberId,
    who: Who,
    store: Store,
    introduced: Annotated[bool | None, Query(description="Only those made, or only those still open.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page:
    """List a member's interests and introductions. What the other side said is hidden until both are interested."""
    require(who.acts_for(id), it="Può vederle solo il membro.", en="Only the member itself may see them.")
    query: dict[str, Any] = {"state.members": id, f"state.stands.{id}": {"$exists": True}}
    if introduced is not None:
        query["state.introduced"] = introduced

    return await page(store[INTRODUCTION.collection], query, limit, cursor, lambda found: _introduction(found, id))


def _introduction(found: dict[str, Any], member: str) -> dict[str, Any]:
    """Show an introduction to one side: its own stand whole, and of the other only that it is interested, once both are."""
    state = found["state"]
    stands = {
        other: stand if other == member else {"interested": stand["interested"]}
        for other, stand in state["stands"].items()
        if other == member or state["introduced"]
    }
    return {"id": found["_id"], **encode({**state, "stands": stands})}


@router.get("/introductions/{id}", tags=["introductions"])
async def introduction(id: Annotated[Id, Path()], who: Who, store: Store) -> dict[str, Any]:
    """Read an introduction that was made; its two members and operators."""
    found = await store[INTRODUCTION.collection].find_one({"_id": id})
    visible = found is not None and (found["state"]["introduced"] or "operator" in who.roles)
    if found is None or not visible or not any(who.acts_for(member) for member in found["state"]["members"]):
        raise NotFound("introduction-unknown", it="Nessuna presentazione con questo id.", en="There is no introduction by this id.")
    return _introduction(found, who.member or "")


@router.get("/ranking", tags=["suggestions"])
async def ranking(who: Who, store: Store) -> dict[str, Any]:
    """Tell how far the ranking is: members, shortlists, members still to be ranked, suggestions by mode."""
    require(bool(who.roles & {"operator", "manager"}), it="Per gestori e operatori.", en="For managers and operators.")
    return await ranking_status(store)
