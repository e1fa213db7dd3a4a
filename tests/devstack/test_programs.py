"""What is started: a process for each replica of each service, and a gateway that knows all of them."""

from pathlib import Path

from distretti.devstack.ports import HOST, Ports
from distretti.devstack.programs import gateway, mail_sink, replica_names, service, service_names, service_of

PORTS = Ports(8000, 1, 2, 3, 4, 5, {"registry": 21_000, "registry-2": 21_001, "events": 21_002})


def test_every_service_is_found_and_has_as_many_processes_as_asked() -> None:
    assert service_names() == ("events", "matching", "notifications", "registry")
    names = replica_names("registry", 3)
    assert names == ("registry", "registry-2", "registry-3")
    assert {service_of(name) for name in names} == {"registry"}


def test_a_replica_runs_its_service_behind_the_service_s_path() -> None:
    program = service("registry-2", 21_001, {"DISTRETTI_NAMESPACE": "blue"})
    assert program.name == "registry-2"
    assert program.command[1:] == ("-m", "services.registry")
    assert dict(program.env) == {
        "DISTRETTI_HOST": HOST,
        "DISTRETTI_PORT": "21001",
        "DISTRETTI_ROOT_PATH": "/registry",
        "DISTRETTI_NAMESPACE": "blue",
    }


def test_the_gateway_knows_every_replica_and_writes_below_its_directory(tmp_path: Path) -> None:
    environment = gateway(tmp_path, PORTS).env
    assert environment["REGISTRY_UPSTREAM"] == f"{HOST}:21000 {HOST}:21001"
    assert environment["EVENTS_UPSTREAM"] == f"{HOST}:21002"
    assert environment["GATEWAY_PORT"] == "8000"
    assert {environment["XDG_CONFIG_HOME"], environment["XDG_DATA_HOME"]} == {str(tmp_path)}


def test_the_mail_sink_is_told_its_directory_and_ports(tmp_path: Path) -> None:
    command = mail_sink(tmp_path, PORTS).command
    assert command[1:] == (
        *("-m", "distretti.devstack.mail_sink"),
        *("--directory", str(tmp_path), "--smtp-port", "4", "--http-port", "5"),
    )
