"""The whole system on one machine, without containers."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from distretti.devstack import backends, kafka, mongo, programs, state_file
from distretti.devstack.ports import HOST, Ports
from distretti.devstack.supervisor import Supervisor
from distretti.devstack.token_issuer import AUDIENCE, ISSUER, Issuer, open_issuer
from shared.chassis.config import Settings, read_settings
from shared.chassis.kafka.topics import create_topics

MAIL_FROM = "Distretti tecnologici <noreply@distretti.example>"


class Stack:
    """`async with Stack(data_dir) as stack:` runs the whole system until the block ends. Raises LocalError.

    `services`: all of the repository by default. `replicas`: number of processes by service, one by default. `env`:
    additional settings by service. `commands`: another program for a process, by its name. `report` gets progress messages.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        gateway_port: int | None = None,
        services: Sequence[str] | None = None,
        replicas: Mapping[str, int] | None = None,
        namespace: str = "",
        env: Mapping[str, Mapping[str, str]] | None = None,
        commands: Mapping[str, Sequence[str]] | None = None,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.services = tuple(programs.service_names() if services is None else services)
        counts = replicas or {}
        processes = [process for name in self.services for process in programs.replica_names(name, counts.get(name, 1))]
        self.ports = Ports.choose(processes, gateway_port)
        self.namespace = namespace
        self.issuer: Issuer = open_issuer(self.data_dir / "issuer")
        self.supervisor = Supervisor(self.data_dir / "log", self._write_state, report)
        self._env = env or {}
        self._commands = commands or {}
        self._report = report
        self._started = datetime.now(UTC)
        self._life = AsyncExitStack()

    @property
    def mongo_url(self) -> str:
        """URL with the replica set's name, without a database."""
        return mongo.url(self.ports.mongo)

    @property
    def kafka_bootstrap(self) -> str:
        """host:port"""
        return kafka.bootstrap(self.ports.kafka)

    @property
    def gateway_url(self) -> str:
        """The gateway's URL, without a trailing slash."""
        return f"http://localhost:{self.ports.gateway}"

    @property
    def mail_url(self) -> str:
        """The SMTP sink's pages, for this machine alone: they are not behind the gateway. Without a trailing slash."""
        return f"http://{HOST}:{self.ports.mail}"

    def addresses(self) -> dict[str, str]:
        """Direct addresses of the services' processes, bypassing the gateway, without stopped ones."""
        children = self.supervisor.children()
        stopped = {name for name, child in children.items() if child.stopped}
        return {name: f"http://{HOST}:{port}" for name, port in self.ports.services.items() if name not in stopped}

    def settings(self) -> Settings:
        """Settings to reach its databases and topics directly, for operators' commands."""
        return read_settings(namespace=self.namespace, mongo_url=self.mongo_url, kafka_bootstrap=self.kafka_bootstrap)

    def kill(self, name: str) -> None:
        """SIGKILL of a process, which is then restarted. Raises LocalError for an unknown name."""
        self.supervisor.kill(name)

    def pause(self, name: str) -> None:
        """SIGSTOP of a process group. Raises LocalError for an unknown name."""
        self.supervisor.pause(name)

    def resume(self, name: str) -> None:
        """SIGCONT after a pause. Raises LocalError for an unknown name."""
        self.supervisor.resume(name)

    async def stop_process(self, name: str) -> None:
        """SIGTERM of a process, which stays down until `start_process`; call it on the loop that started it. Raises LocalError."""
        await self.supervisor.stop_child(name)

    async def start_process(self, name: str) -> None:
        """Start a stopped process and wait until it is ready. Raises LocalError."""
        await self.supervisor.start_child(name)

    async def until_ready(self, name: str) -> None:
        """Wait until a process is ready. Raises NotStarted."""
        await self.supervisor.until_ready(name)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as life:
            life.enter_context(state_file.locked(self.data_dir))
            life.push_async_callback(self.supervisor.stop)
            await self._start()
            self._life = life.pop_all()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._life.aclose()

    async def _start(self) -> None:
        self._report("Starting MongoDB, Kafka and the mail sink.")
        await self.supervisor.start(
            *backends.programs(self.data_dir, self.ports), programs.mail_sink(self.data_dir / "mail", self.ports)
        )
        if self.services:
            await self._start_services()
        await self.supervisor.start(programs.gateway(self.data_dir / "gateway", self.ports))
        self._report(f"The system answers at {self.gateway_url}")

    async def _start_services(self) -> None:
        self._report("Creating topics.")
        await create_topics(self.kafka_bootstrap, self.namespace)
        self._report(f"Starting {', '.join(self.ports.services)}.")
        await self.supervisor.start(
            *(
                programs.service(process, port, self._settings(programs.service_of(process)), self._commands.get(process))
                for process, port in self.ports.services.items()
            )
        )

    def _settings(self, service: str) -> dict[str, str]:
        return {
            "DISTRETTI_MONGO_URL": self.mongo_url,
            "DISTRETTI_KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            "DISTRETTI_NAMESPACE": self.namespace,
            "DISTRETTI_AUTH_ISSUER": ISSUER,
            "DISTRETTI_AUTH_AUDIENCE": AUDIENCE,
            "DISTRETTI_AUTH_JWKS_URL": self.issuer.jwks_url,
            "DISTRETTI_SMTP_HOST": HOST,
            "DISTRETTI_SMTP_PORT": str(self.ports.smtp),
            "DISTRETTI_MAIL_PAUSE": "1",
            "DISTRETTI_MAIL_FROM": MAIL_FROM,
            **self._env.get(service, {}),
        }

    def _write_state(self) -> None:
        state = state_file.Running(
            pid=os.getpid(),
            started=self._started,
            namespace=self.namespace,
            mongo_url=self.mongo_url,
            kafka_bootstrap=self.kafka_bootstrap,
            gateway_url=self.gateway_url,
            smtp_host=HOST,
            smtp_port=self.ports.smtp,
            mail_url=self.mail_url,
            services=self.addresses(),
            processes={
                name: state_file.Process(pid=child.pid, restarts=child.restarts, log=child.log)
                for name, child in self.supervisor.children().items()
            },
        )
        state_file.write(self.data_dir, state)
