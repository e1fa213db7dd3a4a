"""Who may do what at a brokerage event."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials

from shared.chassis.http.auth import Principal, bearer, principal, require
from shared.contracts.base import Id

EventId = Annotated[Id, Path(description="The brokerage event's id.")]


async def visitor(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Principal | None:
    """Say who reads what is public; None for whoever brings no token."""
    return None if credentials is None else await principal(request, credentials)


Visitor = Annotated[Principal | None, Depends(visitor)]


def manages(who: Principal | None, districts: Iterable[str]) -> bool:
    """Tell whether `who` manages one of the event's districts."""
    return who is not None and who.manages(set(districts))


def may_manage(who: Principal, districts: Iterable[str]) -> None:
    """Raise Forbidden unless `who` manages one of the event's districts."""
    require(
        who.manages(set(districts)),
        it="Può farlo un gestore di un distretto dell'evento.",
        en="A manager of one of the event's districts may do this.",
    )


def may_announce(who: Principal, districts: Iterable[str]) -> None:
    """Raise Forbidden unless `who` manages all of the event's districts: in the name of each, all its members are told."""
    require(
        all(who.manages({district}) for district in districts),
        it="Può farlo chi gestisce tutti i distretti dell'evento, o un operatore: a lui far annunciare una bozza comune.",
        en="A manager of all of the event's districts, or an operator, may do this: have an operator announce a joint draft.",
    )


def may_act_at(who: Principal, districts: Iterable[str], *members: str) -> None:
    """Raise Forbidden unless `who` acts for one of these members or manages one of the event's districts."""
    require(
        any(who.acts_for(member) for member in members) or who.manages(set(districts)),
        it="Può farlo il membro stesso, o un gestore di un distretto dell'evento.",
        en="The member itself or a manager of one of the event's districts may do this.",
    )
