"""Interests over HTTP: a member expresses interest in another, declines it, or withdraws either."""

from fastapi import APIRouter, Response

from services.matching.introduction import rules
from services.matching.introduction.aggregate import INTRODUCTION
from services.matching.introduction.schemas import Decline, Interest, IntroductionAnswer, introduction_seen_by
from services.matching.introduction.state import Introduction
from services.matching.queries import approved_member
from services.matching.shortlist.queries import evidence_for
from shared.chassis.errors import FieldError, Invalid
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Commands, RunUntagged, Store
from shared.chassis.http.permissions import require_member
from shared.chassis.texts import text
from shared.chassis.writes.aggregate import Decide
from shared.contracts.modes import modes_between

router = APIRouter(tags=["interests"])


@router.post("/interests", status_code=201, response_model=IntroductionAnswer)
async def express(body: Interest, principal: CurrentPrincipal, run: RunUntagged, store: Store) -> Response:
    """Express interest. When the other side has too, the two are introduced."""
    require_member(principal, body.by)
    await _check_mode(store, body)
    evidence = await evidence_for(store, body.by, body.mode, body.towards)
    return await _run(run, body, lambda state: rules.express(state, body.mode, body.by, body.towards, evidence))


@router.post("/declines", status_code=201, response_model=IntroductionAnswer)
async def decline(body: Decline, principal: CurrentPrincipal, run: RunUntagged, store: Store) -> Response:
    """Decline a suggestion or an interest, with the reason."""
    require_member(principal, body.by)
    await _check_mode(store, body)
    return await _run(run, body, lambda state: rules.decline(state, body.mode, body.by, body.towards, body.reason, body.code))


@router.post("/withdrawals", response_model=IntroductionAnswer)
async def withdraw(body: Interest, principal: CurrentPrincipal, run: RunUntagged) -> Response:
    """Withdraw an interest or a decline, as long as no introduction was made. The other side is not notified."""
    require_member(principal, body.by)
    return await _run(run, body, lambda state: rules.withdraw(state, body.mode, body.by, body.towards), status=200)


async def _run(run: Commands, interest: Interest, rule: Decide[Introduction], status: int = 201) -> Response:
    """Run a command on the introduction of the two, and answer as far as its author may see.

    Its version counts events of both sides: so it is no ETag.
    """
    return await run.run(
        INTRODUCTION,
        rules.introduction_id(interest.mode, interest.by, interest.towards),
        rule,
        status=status,
        answer=lambda written: introduction_seen_by(written, interest.by),
    )


async def _check_mode(store: Store, interest: Interest) -> None:
    by, towards = await approved_member(store, interest.by), await approved_member(store, interest.towards)
    possible = modes_between(by.kind, towards.kind)
    if interest.mode not in possible:
        modes = ", ".join(sorted(possible)) or "-"
        error = FieldError("mode", "mode", text("field-modes", modes=modes))
        kind, partner_kind = text(f"kind-{by.kind}"), text(f"kind-{towards.kind}")
        raise Invalid("mode-impossible", error, kind=kind, partner_kind=partner_kind, modes=modes)
