"""What was acknowledged, and what must follow from it: the book the drill checks the system against."""

from collections import Counter
from dataclasses import dataclass, field

from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic

Told = tuple[str, str]
"""A message that must come of an event: its template and its recipient."""


@dataclass(frozen=True)
class Effect:
    """One acknowledged command: the versions up to `version` that its `events` made. `tells` follow from the last."""

    topic: Topic
    id: str
    version: int
    events: tuple[type[DomainEvent], ...]
    mark: str = ""
    """A text that is in the first event and in no other command's."""
    tells: tuple[Told, ...] = ()


@dataclass
class Member:
    """A member as the acknowledged commands made it."""

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
    """The book. `surprises` are commands that should have been done and were refused or never answered."""

    effects: list[Effect] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    introductions: dict[str, bool] = field(default_factory=dict)
    """Whether the two were introduced, by id; only where interest was expressed."""
    brokerage: dict[str, str] = field(default_factory=dict)
    """The status of each brokerage event by id."""
    districts: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)

    def acknowledge(self, effect: Effect) -> None:
        """Note a command that was acknowledged."""
        self.effects.append(effect)

    def newest(self) -> dict[tuple[str, str], int]:
        """Tell the version each aggregate must have, by topic and id."""
        versions: dict[tuple[str, str], int] = {}
        for effect in self.effects:
            key = effect.topic.name, effect.id
            versions[key] = max(versions.get(key, 0), effect.version)
        return versions
