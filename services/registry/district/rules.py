"""The rules of districts. Pure."""

from collections.abc import Sequence

from services.registry.district.state import District, evolve
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.registry import DistrictOpened


def open_district(state: District | None, opened: DistrictOpened) -> Sequence[DomainEvent]:
    """Open a district. A repetition changes nothing; another district of this id is refused."""
    if state is None:
        return [opened]
    if state == evolve(None, opened):
        return []
    raise Refusal("district-exists")
