"""Districts as they are stored."""

from services.registry.district.state import District, evolve
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

DISTRICT = Aggregate("district", topics.DISTRICTS, "districts", evolve, state=District)
