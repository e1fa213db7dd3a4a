"""MongoDB and Kafka only: for tests of a service."""

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from distretti.devstack import kafka, mongo
from distretti.devstack.child_process import Program
from distretti.devstack.ports import Ports
from distretti.devstack.state_file import locked
from distretti.devstack.supervisor import Supervisor


class Infrastructure:
    """`async with Infrastructure(data_dir) as servers:` runs both until the block ends. Raises LocalError."""

    def __init__(self, data_dir: Path, ports: Ports | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.ports = ports or Ports.choose()
        self.supervisor = Supervisor(self.data_dir / "log", changed=lambda: None, report=lambda _: None)
        self._life = AsyncExitStack()

    @property
    def mongo_url(self) -> str:
        """URL with the replica set's name, without a database."""
        return mongo.url(self.ports.mongo)

    @property
    def kafka_bootstrap(self) -> str:
        """host:port"""
        return kafka.bootstrap(self.ports.kafka)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as life:
            life.enter_context(locked(self.data_dir))
            life.push_async_callback(self.supervisor.stop)
            await self.supervisor.start(*programs(self.data_dir, self.ports))
            self._life = life.pop_all()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._life.aclose()


def programs(data_dir: Path, ports: Ports) -> tuple[Program, Program]:
    """mongod and kafka, with their data under `data_dir`. Raises Missing."""
    return (
        mongo.program(data_dir / "mongo", ports.mongo),
        kafka.program(data_dir / "kafka", ports.kafka, ports.kafka_controller),
    )
