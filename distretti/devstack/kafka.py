"""Apache Kafka as a child process: one node, broker and controller of itself (KRaft)."""

import asyncio
import base64
import shutil
import uuid
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from distretti.devstack import binaries
from distretti.devstack.child_process import Program, spawn
from distretti.devstack.errors import NotStarted
from distretti.devstack.ports import HOST

_SETTINGS = binaries.ROOT / "deploy" / "kafka"
_FORMAT_SECONDS = 60.0


def bootstrap(port: int) -> str:
    """Its address for clients, host:port."""
    return f"{HOST}:{port}"


def program(directory: Path, port: int, controller_port: int) -> Program:
    """Kafka with its data in `directory`, formatted if new; ready when it answers. Raises Missing."""
    directory.mkdir(parents=True, exist_ok=True)
    logs, properties = directory / "data", directory / "server.properties"
    properties.write_text(_properties(logs, port, controller_port))
    return Program(
        "kafka",
        (*_java(), "kafka.Kafka", str(properties)),
        ready=lambda: _answers(port),
        prepare=None if logs.exists() else lambda: _format(directory, logs, port, controller_port),
        grace=30,
    )


def _java() -> tuple[str, ...]:
    # Serial collector and C1 compiler only: the broker starts in two thirds of the time with half the CPU.
    return (
        str(binaries.java()), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        f"-Dlog4j2.configurationFile={_SETTINGS / 'log4j2.properties'}",
        "-cp", f"{binaries.kafka_jars()}/*",
    )  # fmt: skip


def _properties(logs: Path, port: int, controller_port: int) -> str:
    addresses = {
        "listeners": f"CLIENTS://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"CLIENTS://{HOST}:{port}",
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "log.dirs": str(logs),
    }
    return (_SETTINGS / "server.properties").read_text() + "".join(f"{key}={value}\n" for key, value in addresses.items())


async def _format(directory: Path, logs: Path, port: int, controller_port: int) -> None:
    # Formatted in a temporary folder and then renamed: a kill in between leaves no half-formatted storage.
    fresh, properties, log = directory / "fresh", directory / "format.properties", directory / "format.log"
    shutil.rmtree(fresh, ignore_errors=True)
    properties.write_text(_properties(fresh, port, controller_port))
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    tool = ("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", f"--config={properties}")
    process = await spawn((*_java(), *tool), log, {})
    try:
        status = await asyncio.wait_for(process.wait(), _FORMAT_SECONDS)
    except BaseException:
        process.kill()
        raise
    if status != 0:
        raise NotStarted(f"Kafka's storage {logs} could not be formatted:\n{log.read_text(errors='replace')}")
    fresh.rename(logs)


async def _answers(port: int) -> bool:
    if not await _listens(port):
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap(port), request_timeout_ms=5000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()


async def _listens(port: int) -> bool:
    """Checked first, because the Kafka client logs an error for every refused connection."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True
