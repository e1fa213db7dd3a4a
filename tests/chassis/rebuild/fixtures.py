"""What the tests of the rebuild share."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.chassis.audit.run import Audit, audit_service
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projections.projection import Projection
from shared.chassis.rebuild.run import Rebuilt, rebuild_service
from shared.chassis.runtime.service import Service


async def rebuilt(
    service: Service,
    settings: Settings,
    projections: Sequence[Projection[Any]] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> list[Rebuilt]:
    """Rebuild a service's projections, or these in their place."""
    chosen = service.projections if projections is None else projections
    return await rebuild_service(service, settings, chosen, clock, lambda _name, _steps: lambda _done: None)


async def differing(service: Service, settings: Settings) -> list[str]:
    """Audit a service and say what differs."""
    audit = Audit()
    await audit_service(service, settings, audit)
    return [f"{difference.place} {difference.id}: {difference.detail}" for difference in audit.differences]


async def left_behind(mongo: Mongo) -> list[str]:
    """Name the databases and leases of rebuilds that are still there."""
    databases = await mongo.databases(f"{mongo.database.name}-rebuild")
    return databases + [lease["_id"] for lease in await mongo["leases"].find({"_id": "rebuild"}).to_list(None)]


async def content(mongo: Mongo, collection: str) -> list[Document]:
    """Read a whole collection in the order of ids."""
    return await mongo[collection].find().sort("_id", 1).to_list(None)
