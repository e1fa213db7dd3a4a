"""Keeps a service's relay idle, like a replica's while another replica holds the lease."""

from datetime import UTC, datetime, timedelta

from shared.chassis.mongo import Mongo
from shared.chassis.workers.lease import LEASES

_RELAY = {"_id": "relay"}


async def take_relay(mongo: Mongo) -> None:
    """Hold the relay's lease under another name. Call it before the service starts."""
    until = datetime.now(UTC) + timedelta(hours=1)
    await mongo[LEASES].insert_one({**_RELAY, "holder": "another replica", "until": until})


async def give_relay(mongo: Mongo) -> None:
    """Release the lease to the service's own relay."""
    await mongo[LEASES].delete_one(_RELAY)
