"""Introductions as they are stored."""

from services.matching.introduction.state import Introduction, evolve
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

INTRODUCTION = Aggregate("introduction", topics.INTRODUCTIONS, "introductions", evolve, state=Introduction)
INDEXES: dict[str, list[Index]] = {INTRODUCTION.collection: [([("state.members", ASCENDING), ("_id", ASCENDING)], {})]}
