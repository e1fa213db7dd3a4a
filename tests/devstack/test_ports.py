"""Ports of a local system are free, distinct, and below those that the kernel gives away."""

import socket

import pytest

from distretti.devstack.errors import PortTaken
from distretti.devstack.ports import HOST, Ports


def test_every_listener_has_a_port_of_its_own() -> None:
    ports = Ports.choose(["registry", "registry-2", "events"])
    chosen = [ports.gateway, ports.mongo, ports.kafka, ports.kafka_controller, ports.smtp, ports.mail, *ports.services.values()]
    assert len(set(chosen)) == 9
    assert list(ports.services) == ["registry", "registry-2", "events"]
    assert all(20_000 <= port < 32_000 for port in chosen)


def test_a_port_in_use_is_refused_with_what_to_do() -> None:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        used = listener.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {used} is taken.*--port"):
            Ports.choose(gateway=used)
    assert Ports.choose(gateway=used).gateway == used
