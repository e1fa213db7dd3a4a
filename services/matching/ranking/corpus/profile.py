"""What the ranking knows of a member."""

from dataclasses import dataclass

from shared.contracts.base import Language
from shared.contracts.registry import Ipr, Kind, Nature, Stage, Visibility

SMALL: frozenset[Kind] = frozenset({"innovative-startup", "sme"})


@dataclass(frozen=True)
class Ticket:
    """What an operator invests in one firm: stages, and EUR from `minimum` to `maximum`; None is not stated."""

    stages: tuple[Stage, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Round:
    """A funding round: its stage, and the amount in EUR; None is not stated."""

    stage: Stage | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Offer:
    """An offer. `trl` is 1 to 9 or None, `ticket` belongs to capital; a `facility` is open to use by others."""

    id: str
    nature: Nature
    title: str
    text: str = ""
    language: Language = "it"
    topics: tuple[str, ...] = ()
    trl: int | None = None
    visibility: Visibility = "network"
    ticket: Ticket | None = None
    ipr: Ipr | None = None
    facility: bool = False


@dataclass(frozen=True)
class Need:
    """A need, with `facility` that for the use of one. `trl` is 1 to 9 or None, `round` belongs to capital."""

    id: str
    nature: Nature
    title: str
    text: str = ""
    language: Language = "it"
    topics: tuple[str, ...] = ()
    trl: int | None = None
    visibility: Visibility = "network"
    round: Round | None = None
    facility: bool = False


@dataclass(frozen=True)
class Member:
    """An organisation with its offers and needs. One that is not approved is neither shown nor served.

    `ateco` are classes of economic activity, such as 25.62; its first two digits, the division, are what counts.
    """

    id: str
    name: str
    kind: Kind
    districts: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    country: str = "IT"
    nuts3: str | None = None
    city: str = ""
    summary: str = ""
    language: Language = "it"
    offers: tuple[Offer, ...] = ()
    needs: tuple[Need, ...] = ()
    approved: bool = True
    ateco: tuple[str, ...] = ()


def is_open(visibility: str) -> bool:
    """Whether every member may see it. Anything not explicitly open is restricted to the district."""
    return visibility in ("network", "public")


def can_see(viewer: Member, owner: Member, item: Offer | Need) -> bool:
    """Whether `viewer` may see an offer or need of `owner`: its own, an open one, or one of a shared district."""
    return viewer.id == owner.id or is_open(item.visibility) or bool(viewer.districts & owner.districts)
