"""State of the system that runs on a data directory: written by its process, read by the other commands."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from distretti.devstack.errors import AlreadyRunning, NotRunning
from distretti.devstack.private_directory import make_private
from shared.chassis.config import Settings, read_settings

_FILE, _LOCK = "run.json", "run.lock"


class Process(BaseModel):
    """A child process; `pid` is None while it restarts."""

    model_config = ConfigDict(frozen=True)

    pid: int | None
    restarts: int
    log: Path


class Running(BaseModel):
    """A running local system. Addresses are for clients on this machine."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: datetime
    namespace: str
    mongo_url: str
    kafka_bootstrap: str
    gateway_url: str
    smtp_host: str
    smtp_port: int
    mail_url: str
    services: dict[str, str]
    """Direct address of each process of a service; replicas are `registry`, `registry-2`."""
    processes: dict[str, Process]

    def settings(self) -> Settings:
        """Settings to reach its databases and topics directly, for operators' commands."""
        return read_settings(namespace=self.namespace, mongo_url=self.mongo_url, kafka_bootstrap=self.kafka_bootstrap)


def write(data_dir: Path, running: Running) -> None:
    """Replace the state file atomically."""
    fresh = data_dir / f"{_FILE}.new"
    fresh.write_text(running.model_dump_json(indent=2) + "\n")
    fresh.replace(data_dir / _FILE)


def find_running(data_dir: Path) -> Running:
    """The system that runs on `data_dir`. Raises NotRunning."""
    advice = f"No system runs on {data_dir}: start one with `distretti up --data-dir {data_dir}`."
    if not (data_dir / _LOCK).exists() or _lockable(data_dir):
        raise NotRunning(advice)
    try:
        return Running.model_validate_json((data_dir / _FILE).read_text())
    except (FileNotFoundError, ValidationError):
        raise NotRunning(f"The system on {data_dir} is still starting: retry in a few seconds.") from None


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Lock the data directory for this process, and keep others out; the kernel releases the lock if it dies.

    Raises AlreadyRunning.
    """
    make_private(data_dir)
    with (data_dir / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"A system already runs on {data_dir}: stop it, or choose another directory with --data-dir."
            ) from None
        (data_dir / _FILE).unlink(missing_ok=True)
        yield
        (data_dir / _FILE).unlink(missing_ok=True)


def clear(data_dir: Path) -> None:
    """Empty a data directory, which need not exist. Raises AlreadyRunning."""
    with locked(data_dir):
        empty(data_dir, _LOCK)


def empty(directory: Path, *excluded: str) -> None:
    """Remove the content of a directory, but not the directory itself, which may be locked."""
    for entry in directory.iterdir():
        if entry.name in excluded:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _lockable(data_dir: Path) -> bool:
    with (data_dir / _LOCK).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
