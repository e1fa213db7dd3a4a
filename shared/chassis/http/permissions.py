"""Permissions that every service asks for: operators, a member itself, managers of a district."""

from collections.abc import Iterable

from shared.chassis.http.auth import Principal, require
from shared.chassis.texts import text


def require_operator(principal: Principal) -> None:
    """Raise Forbidden unless the principal is an operator."""
    require("operator" in principal.roles, text("only-operators"))


def require_member(principal: Principal, member: str) -> None:
    """Raise Forbidden unless the principal acts for this member."""
    require(principal.acts_for(member), text("only-the-member"))


def require_manager(principal: Principal, districts: Iterable[str]) -> None:
    """Raise Forbidden unless the principal manages one of these districts."""
    require(principal.manages(set(districts)), text("only-managers"))


def require_manager_of_all(principal: Principal, districts: Iterable[str]) -> None:
    """Raise Forbidden unless the principal manages every one of these districts."""
    foreign = sorted(set(districts) - principal.managed)
    require(principal.manages_all(set(districts)), text("only-managers-of-all", districts=", ".join(foreign)))
