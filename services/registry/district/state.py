"""The state of a district, and how domain events evolve it."""

from dataclasses import dataclass

from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.registry import DistrictOpened


@dataclass(frozen=True)
class District:
    name: LocalizedText
    theme: LocalizedText


def evolve(_state: District | None, event: DomainEvent) -> District:
    """Fold an event of a district."""
    assert isinstance(event, DistrictOpened)
    return District(event.name, event.theme)
