"""Interests over HTTP: a member says yes or no to another, and may take it back."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.matching.introduction import rules
from services.matching.introduction.api import shown_to
from services.matching.introduction.rules import Introduction
from services.matching.permissions import may_act_for
from services.matching.ranking import modes_of
from services.matching.store import INTRODUCTION, approved_member, evidence_for
from shared.chassis.errors import FieldError, Invalid
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Commands, RunUntagged, Store
from shared.chassis.writes.aggregate import Decide
from shared.contracts.base import Id
from shared.contracts.matching import DeclineCode, Mode

router = APIRouter(tags=["interests"])


class Interest(BaseModel):
    """One member's interest in another, or what it takes back of it."""

    model_config = ConfigDict(extra="forbid")
    mode: Mode
    by: Id
    towards: Id


class Decline(Interest):
    """One member's refusal of another, with the reason in words, and its code where one fits: the ranking reads that."""

    reason: str = Field(min_length=1, max_length=1000)
    code: DeclineCode | None = None


@router.post("/interests", status_code=201)
async def express(body: Interest, who: Who, run: RunUntagged, store: Store) -> Response:
    """Express interest. When the other side has too, the two are introduced."""
    may_act_for(who, body.by)
    await _check_mode(store, body)
    evidence = await evidence_for(store, body.by, body.mode, body.towards)
    return await _say(run, body, lambda state: rules.express(state, body.mode, body.by, body.towards, evidence))


@router.post("/declines", status_code=201)
async def decline(body: Decline, who: Who, run: RunUntagged, store: Store) -> Response:
    """Decline a suggestion or an interest, with the reason."""
    may_act_for(who, body.by)
    await _check_mode(store, body)
    return await _say(run, body, lambda state: rules.decline(state, body.mode, body.by, body.towards, body.reason, body.code))


@router.post("/withdrawals")
async def withdraw(body: Interest, who: Who, run: RunUntagged) -> Response:
    """Take back an interest or a decline, as long as no introduction was made. The other side is told nothing."""
    may_act_for(who, body.by)
    return await _say(run, body, lambda state: rules.withdraw(state, body.mode, body.by, body.towards), status=200)


async def _say(run: Commands, said: Interest, rule: Decide[Introduction], status: int = 201) -> Response:
    """Do a command on the introduction of the two, and answer as far as the one that speaks may see.

    Its version counts what both have said: so it is no ETag.
    """
    return await run.run(
        INTRODUCTION,
        rules.introduction_id(said.mode, said.by, said.towards),
        rule,
        status=status,
        body=lambda written: shown_to({"_id": written.id, "state": written.state}, said.by),
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
