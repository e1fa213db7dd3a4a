"""Programs of the local system besides the servers: services, gateway, mail sink."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from distretti.devstack import binaries
from distretti.devstack.child_process import Program
from distretti.devstack.http_probe import answers
from distretti.devstack.ports import HOST, Ports

_DEPLOY = binaries.ROOT / "deploy"


def service_names() -> tuple[str, ...]:
    """Every service of this repository: a runnable package under services."""
    return tuple(sorted(main.parent.name for main in (binaries.ROOT / "services").glob("*/__main__.py")))


def replica_names(service: str, count: int) -> tuple[str, ...]:
    """Names of the processes of a service: `registry`, `registry-2`, `registry-3`."""
    return (service, *(f"{service}-{number}" for number in range(2, count + 1)))


def service_of(process: str) -> str:
    """The service of a process."""
    return process.partition("-")[0]


def service(process: str, port: int, env: Mapping[str, str], command: Sequence[str] | None = None) -> Program:
    """A process of a service; `env` has its settings except host, port and root path; `command` replaces its program."""
    name = service_of(process)
    return Program(
        process,
        tuple(command or (sys.executable, "-m", f"services.{name}")),
        ready=answers(port, "/health/ready"),
        grace=30,
        env={
            "DISTRETTI_HOST": HOST,
            "DISTRETTI_PORT": str(port),
            "DISTRETTI_ROOT_PATH": f"/{name}",
            **env,
        },
    )


def gateway(directory: Path, ports: Ports) -> Program:
    """Caddy with the Caddyfile of the containers; it writes below `directory` only."""
    upstreams: dict[str, str] = {}
    for process, port in ports.services.items():
        variable = f"{service_of(process).upper()}_UPSTREAM"
        upstreams[variable] = f"{upstreams.get(variable, '')} {HOST}:{port}".strip()
    return Program(
        "gateway",
        (str(binaries.caddy()), "run", "--adapter", "caddyfile", "--config", str(_DEPLOY / "Caddyfile")),
        ready=answers(ports.gateway, "/"),
        env={
            "GATEWAY_HOST": HOST,
            "GATEWAY_PORT": str(ports.gateway),
            "SITE": str(_DEPLOY / "site"),
            "XDG_CONFIG_HOME": str(directory),
            "XDG_DATA_HOME": str(directory),
            **upstreams,
        },
    )


def mail_sink(directory: Path, ports: Ports) -> Program:
    """The SMTP sink; it stores mails in `directory`."""
    options = {"--directory": directory, "--smtp-port": ports.smtp, "--http-port": ports.mail}
    words = (str(word) for option in options.items() for word in option)
    command = (sys.executable, "-m", "distretti.devstack.mail_sink", *words)
    return Program("mail", command, ready=answers(ports.mail, "/messages"))
