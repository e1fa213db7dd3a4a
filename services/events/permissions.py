"""Who may do what at a brokerage event."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials

from shared.chassis.http.auth import Principal, bearer, principal, require
from shared.chassis.texts import text
from shared.contracts.base import Id

EventId = Annotated[Id, Path(description="The brokerage event's id.")]


async def visitor(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Principal | None:
    """The principal of a public read; None without a token."""
    return None if credentials is None else await principal(request, credentials)


Visitor = Annotated[Principal | None, Depends(visitor)]


def manages(principal: Principal | None, districts: Iterable[str]) -> bool:
    """Whether the principal manages one of the event's districts."""
    return principal is not None and principal.manages(set(districts))


def may_manage(principal: Principal, districts: Iterable[str]) -> None:
    """Raise Forbidden unless the principal manages one of the event's districts."""
    require(principal.manages(set(districts)), text("only-event-managers"))


def may_manage_any(principal: Principal) -> None:
    """Raise Forbidden for whoever manages no event, whatever its districts."""
    require(bool(principal.roles & {"manager", "operator"}), text("only-event-managers"))


def may_announce(principal: Principal, districts: Iterable[str]) -> None:
    """Raise Forbidden unless the principal manages all of the event's districts: the members of each are notified."""
    require(all(principal.manages({district}) for district in districts), text("only-managers-of-all-districts"))


def may_act_at(principal: Principal, districts: Iterable[str], *members: str) -> None:
    """Raise Forbidden unless the principal acts for one of these members or manages one of the event's districts."""
    allowed = any(principal.acts_for(member) for member in members) or principal.manages(set(districts))
    require(allowed, text("only-member-or-event-managers"))
