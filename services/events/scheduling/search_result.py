"""The result of the search for slots, before tables are assigned."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best slots found, and the proven bounds; the fields are those of Schedule."""

    slots: Mapping[str, int]
    placed_bound: int
    breaks: int
    breaks_bound: int = 0
    idle_slots: int | None = None
    idle_slots_bound: int = 0
    changed_meetings: int | None = None
    changed_meetings_bound: int = 0
