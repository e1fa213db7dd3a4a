"""The ledger of acknowledged commands and the messages that must result, against which the system is verified."""

from collections import Counter
from dataclasses import dataclass, field

from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic

ExpectedMessage = tuple[str, str]
"""Template and recipient of a message that must result from an event."""


@dataclass(frozen=True)
class Effect:
    """An acknowledged command: its `events`, the last one with `version`. `messages` must result from the last."""

    topic: Topic
    id: str
    version: int
    events: tuple[type[DomainEvent], ...]
    mark: str = ""
    """A text that is in the first event, and in no other command's."""
    messages: tuple[ExpectedMessage, ...] = ()


@dataclass
class Member:
    """A member's state by the acknowledged commands."""

    id: str
    number: int
    name: str
    kind: str
    status: str = "applied"
    summary: str = ""
    email: str | None = None
    offers: dict[str, str] = field(default_factory=dict)
    """Titles by id."""
    needs: dict[str, str] = field(default_factory=dict)
    busy: bool = False


@dataclass
class Ledger:
    """Everything that was acknowledged. `failures` are commands that had to succeed and were refused or never answered."""

    effects: list[Effect] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    introductions: dict[str, bool] = field(default_factory=dict)
    """Whether the pair was introduced, by id, for every expressed interest."""
    brokerage: dict[str, str] = field(default_factory=dict)
    """The status of each brokerage event by id."""
    districts: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def acknowledge(self, effect: Effect) -> None:
        """Record an acknowledged command."""
        self.effects.append(effect)

    def newest(self) -> dict[tuple[str, str], int]:
        """The version that each aggregate must have, by topic and id."""
        versions: dict[tuple[str, str], int] = {}
        for effect in self.effects:
            key = effect.topic.name, effect.id
            versions[key] = max(versions.get(key, 0), effect.version)
        return versions
