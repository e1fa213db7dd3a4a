"""What an organiser sends to announce a brokerage event, and the checks that need the districts and the time zones."""

from typing import Annotated, TypeVar

from pydantic import Field

from services.events.brokerage.time_zones import place_zones
from shared.chassis.errors import invalid
from shared.chassis.http.replacements import Replacement
from shared.contracts.base import Items
from shared.contracts.events import Occasion, Slot, Table

EventId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$",
        description="Letters without accents, digits, `.`, `_`, `-`; first a letter or digit.",
    ),
]
"""Without colons, which separate the parts of an agenda's claims."""

LONGEST_OCCASION = 512_000
"""Bytes of a whole brokerage event as a body, with its 200 slots and 500 tables."""
AnyOccasion = TypeVar("AnyOccasion", bound=Occasion)


class Announcement(Occasion):
    """A brokerage event to announce, or to make a draft of. Without an `id` it gets a new one.

    `places` and `quotas` limit its participants, `requests_until` ends requests and answers, `fairness` is by how many breaks two
    participants may differ. On the day its agenda is repaired by itself, or with `repairs` asked only when a manager says so.
    """

    id: EventId | None = None
    draft: bool = False


class SlotReplacement(Replacement, Slot):
    """A slot as a whole."""


class TableReplacement(Replacement, Table):
    """A table as a whole."""


class OccasionReplacement(Replacement, Occasion):
    """A brokerage event in place of the one before: every field is given, also those that are empty, and those of its parts."""

    slots: Annotated[tuple[SlotReplacement, ...], Items(200, least=1)]
    special_tables: Annotated[tuple[TableReplacement, ...], Items(500)]

    @property
    def occasion(self) -> Occasion:
        """The event as domain events have it."""
        return Occasion(**self.model_dump())


def check_announcement(announcement: Occasion, districts: set[str], kind: type[AnyOccasion]) -> AnyOccasion:
    """Turn an announcement or a draft into its domain event. Raises Invalid for an unknown district or time zone."""
    for number, district in enumerate(announcement.districts):
        if district not in districts:
            allowed = ", ".join(sorted(districts))
            raise invalid(f"districts.{number}", "district", "field-district", district=district, allowed=allowed)
    if announcement.timezone not in place_zones():
        raise invalid("timezone", "timezone", "field-timezone", timezone=announcement.timezone)
    fields = announcement.model_dump(include=set(kind.model_fields))
    return kind(**{**fields, "districts": tuple(dict.fromkeys(announcement.districts))})
