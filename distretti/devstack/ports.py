"""Ports of a local system."""

import random
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from distretti.devstack.errors import PortTaken

HOST = "127.0.0.1"
# Below the kernel's range of ephemeral ports: a restarted service finds its port still free.
_CHOICE = range(20_000, 32_000)


@dataclass(frozen=True)
class Ports:
    """A port for each listener; `services` by name of process: `registry`, `registry-2`."""

    gateway: int
    mongo: int
    kafka: int
    kafka_controller: int
    smtp: int
    mail: int
    services: Mapping[str, int]

    @classmethod
    def choose(cls, services: Iterable[str] = (), gateway: int | None = None) -> Self:
        """Choose free ports; the gateway's may be given. Raises PortTaken where that one is in use."""
        if gateway is not None and not _free(gateway):
            raise PortTaken(f"Port {gateway} is taken, perhaps by another `distretti up`: stop it, or choose a port with --port.")
        free = _free_ports(gateway)
        return cls(
            gateway=gateway or next(free),
            mongo=next(free),
            kafka=next(free),
            kafka_controller=next(free),
            smtp=next(free),
            mail=next(free),
            services={name: next(free) for name in services},
        )


def _free_ports(reserved: int | None) -> Iterator[int]:
    # Shuffled, so that two systems started at the same moment hardly collide.
    for port in random.sample(_CHOICE, len(_CHOICE)):
        if port != reserved and _free(port):
            yield port
    raise PortTaken(f"No port between {_CHOICE.start} and {_CHOICE.stop} is free: stop some programs.")


def _free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True
