"""Who could supply this? Over HTTP, for a free text and for a need."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.matching.permissions import MemberId, overseen_member
from services.matching.ranking import modes_of
from services.matching.search.engine.client import Answering
from services.matching.search.engine.protocol import Reply, Supply
from services.matching.suggestion.visibility import partners
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Principal, Who, require
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Document, Mongo
from shared.chassis.runtime.dependencies import worker
from shared.contracts.base import Id, Language

router = APIRouter(tags=["answers"])
Limit = Annotated[int, Query(ge=1, le=50, description="How many at most.")]


class Wish(BaseModel):
    """What is looked for, in words; and the member that looks for it, where it is one."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=10_000)]
    language: Language = "it"
    member: Id | None = None


Asked = Annotated[Answering, Depends(worker(Answering))]


@router.post("/answers")
async def answer(body: Wish, request: Request, who: Who, store: Store, answering: Asked, limit: Limit = 10) -> dict[str, Any]:
    """Say who could supply what is described, best first. Nothing is kept of the question.

    With `member`, or asked by a member, its partners and place count; it is itself no answer, nor, where it asks itself, is whom
    it declined for good.
    """
    roles = bool(who.roles & {"member", "manager", "operator"})
    require(roles, it="Per membri, gestori e operatori.", en="For members, managers and operators.")
    seeker = await _seeker(store, who, body.member)
    id = seeker["_id"] if seeker else None
    asked = Supply(text=body.text, language=body.language, seeker=id, by_itself=not id or who.acts_for(id), limit=limit)
    return await _answered(store, await answering.ask(asked), seeker, language_of(request))


@router.get("/members/{id}/needs/{need}/suggestions")
async def suggestions_for_need(
    id: MemberId,
    need: Annotated[Id, Path(description="The need's id.")],
    request: Request,
    who: Who,
    store: Store,
    answering: Asked,
    limit: Limit = 10,
) -> dict[str, Any]:
    """Say who could supply what a member needs, best first; the member itself and managers of its districts."""
    member = await overseen_member(store, who, id)
    if need not in member["needs"]:
        raise NotFound("need-unknown", it="Il membro non ha un'esigenza con questo id.", en="The member has no need by this id.")
    wanted = member["needs"][need]
    text = f"{wanted['title']}\n{wanted['text']}"
    asked = Supply(text=text, language=wanted["language"], seeker=id, by_itself=who.acts_for(id), limit=limit)
    return {"need": need, **await _answered(store, await answering.ask(asked), member, language_of(request))}


async def _seeker(store: Mongo, who: Principal, named: str | None) -> Document | None:
    """Read the member that asks: the one that is named, else the one the token is of."""
    if named is not None:
        return await overseen_member(store, who, named)
    return await overseen_member(store, who, who.member) if "member" in who.roles and who.member else None


async def _answered(store: Mongo, reply: Reply, seeker: Document | None, language: str) -> dict[str, Any]:
    """Show an answer, with names; `modes` are the ways in which the seeker can say that it is interested."""
    known = await partners(store, {one.partner for one in reply.suppliers})
    shown = [
        {
            **one.model_dump(),
            "name": known[one.partner]["name"],
            "why": one.why.in_(language),
            "modes": list(modes_of(seeker["kind"], known[one.partner]["kind"])) if seeker else [],
        }
        for one in reply.suppliers
        if one.partner in known
    ]
    seeking = seeker["_id"] if seeker else None
    return {"member": seeking, "rule": reply.rule, "computed": encode(reply.computed), "answers": shown}
