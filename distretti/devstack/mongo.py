"""MongoDB as a child process: one mongod, a replica set of one node (transactions need a replica set)."""

from pathlib import Path

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from distretti.devstack import binaries
from distretti.devstack.child_process import Program
from distretti.devstack.ports import HOST

REPLICA_SET = "rs0"
TRANSACTION_SECONDS = 6
"""A killed process leaves its transaction open until the server aborts it after this time (MongoDB's default is 60 s).

Until then the process that takes over gets write conflicts. The project's transactions take milliseconds.
"""
_NOT_YET_INITIATED = 94


def url(port: int) -> str:
    """Its URL for clients."""
    return f"mongodb://{HOST}:{port}/?replicaSet={REPLICA_SET}"


def program(directory: Path, port: int) -> Program:
    """mongod with its data in `directory`; ready when it is primary."""
    directory.mkdir(parents=True, exist_ok=True)
    options = {
        "--dbpath": str(directory),
        "--port": str(port),
        "--bind_ip": HOST,
        "--replSet": REPLICA_SET,
        "--wiredTigerCacheSizeGB": "0.5",
        "--oplogSize": "1024",
    }
    parameters = ["diagnosticDataCollectionEnabled=false", f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}"]
    command = [str(binaries.mongod()), "--quiet", *(part for option in options.items() for part in option)]
    command += [part for parameter in parameters for part in ("--setParameter", parameter)]
    return Program("mongod", tuple(command), lambda: _primary(port), grace=30)


async def _primary(port: int) -> bool:
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(
        HOST, port, directConnection=True, serverSelectionTimeoutMS=500, timeoutMS=5000
    )
    async with client:
        try:
            if (await client.admin.command("hello"))["isWritablePrimary"]:
                return True
            await _configure_replica_set(client, f"{HOST}:{port}")
        except PyMongoError:
            return False
    return False


async def _configure_replica_set(client: AsyncMongoClient[dict[str, object]], address: str) -> None:
    """Initiate the replica set at the first start; update its address where the port has changed."""
    members = [{"_id": 0, "host": address}]
    try:
        config = (await client.admin.command("replSetGetConfig"))["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIATED:
            raise
        await client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        return
    if config["members"][0]["host"] != address:
        await client.admin.command("replSetReconfig", {**config, "members": members}, force=True)
