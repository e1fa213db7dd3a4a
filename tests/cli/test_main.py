"""The command answers at once: nothing is imported that only a command's work needs."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from distretti.devstack.token_issuer import open_issuer

# Ours and those of libraries; a package stands for all of its modules.
HEAVY = {
    *("services", "tools", "benchmarks", "shared.chassis", "distretti.client", "distretti.importers", "distretti.ops"),
    *("aiokafka", "faststream", "motor", "pymongo", "fastapi", "starlette", "uvicorn", "httpx2", "pydantic_settings"),
    *("numpy", "scipy", "sklearn", "ortools", "pysat", "icalendar", "jinja2", "babel", "jwt", "cryptography", "structlog"),
}
# What a command needs for its work.
FOR_A_TOKEN, FOR_THE_VERSION = {"jwt", "cryptography"}, {"shared.chassis"}


def packages(module: str) -> list[str]:
    """A module's name and those of the packages around it."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


@pytest.mark.parametrize(
    ("command_line", "needed", "output"),
    [
        ("--help", set(), "The backend of Tuscany's technology districts."),
        ("backup --help", set(), "--servers"),
        ("dead-letters --help", set(), "Show a dead letter"),
        ("--version", FOR_THE_VERSION, f"distretti {version('distretti')} ("),
        ("token --data-dir {directory}", FOR_A_TOKEN, "eyJ"),
    ],
)
def test_a_command_imports_what_it_needs(command_line: str, needed: set[str], output: str, tmp_path: Path) -> None:
    open_issuer(tmp_path / "issuer")
    arguments = command_line.format(directory=tmp_path).split()
    command = [sys.executable, "-X", "importtime", "-m", "distretti.cli.main", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert output in done.stdout
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in modules
    assert {package for module in modules for package in packages(module)} & HEAVY <= needed
