"""Keeps a service's relay idle, as it is in a replica while another one holds the lease."""

from datetime import UTC, datetime, timedelta

from shared.chassis.mongo import Mongo
from shared.chassis.workers.lease import LEASES

_RELAY = {"_id": "relay"}


async def take_relay(mongo: Mongo) -> None:
    """Hold the lease of the relay in another's name. To be done before the service starts."""
    until = datetime.now(UTC) + timedelta(hours=1)
    await mongo[LEASES].insert_one({**_RELAY, "holder": "another replica", "until": until})


async def give_relay(mongo: Mongo) -> None:
    """Let the service's own relay go to work."""
    await mongo[LEASES].delete_one(_RELAY)
