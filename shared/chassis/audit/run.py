"""The audit of one service, whole."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.chassis.audit.aggregates import audit_aggregate, audit_claims
from shared.chassis.audit.compare import Difference
from shared.chassis.audit.projections import audit_projection
from shared.chassis.audit.topic_log import topic_log
from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.service import Service


@dataclass
class Audit:
    """How much was compared, how many events are held (`waiting`), and what differs."""

    aggregates: int = 0
    projections: int = 0
    waiting: int = 0
    differences: list[Difference] = field(default_factory=list)


async def audit_service(service: Service, settings: Settings, audit: Audit, step: Callable[[str], None] = lambda _: None) -> None:
    """Audit one service and add what is found; `step` is called with the name of each aggregate and projection when it is done."""
    mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
    try:
        async with topic_log(settings) as log:
            for aggregate in service.aggregates:
                count, differences = await audit_aggregate(service.name, mongo, aggregate, log)
                audit.aggregates += count
                audit.differences += differences
                step(f"{service.name}.{aggregate.collection}")
            for projection in service.projections:
                count, differences = await audit_projection(service.name, mongo, projection, log)
                audit.projections += count
                audit.differences += differences
                step(projection.name)
        audit.differences += await audit_claims(service.name, mongo, service.aggregates)
        audit.waiting += await mongo[WAITING].count_documents({})
    finally:
        mongo.close()
