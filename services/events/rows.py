"""The rows of this service's projections of other services' facts."""

from dataclasses import dataclass
from typing import Literal

from shared.contracts.base import Language, LocalizedText
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

MemberStatus = Literal["applied", "approved", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class District:
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Member:
    """Who a member is and whether it is approved. What it offers and needs does not matter to brokerage events."""

    name: str
    kind: Kind
    status: MemberStatus
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactLanguage:
    """The language of a member's contact, and nothing else of that person."""

    language: Language


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two members, in the order of their ids, and whether they were introduced yet or one of them is only interested."""

    members: tuple[str, ...]
    mode: Mode
    introduced: bool
