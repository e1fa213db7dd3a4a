"""Children are started again when they die, and none is left when they are stopped."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from distretti.devstack.child_process import Program
from distretti.devstack.errors import LocalError, NotStarted
from distretti.devstack.supervisor import Supervisor
from tests.lib.services import eventually


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "log", changed=lambda: None, report=lambda _: None)
    yield supervisor
    supervisor.kill_all()
    await supervisor.stop()


def child(tmp_path: Path, code: str, patience: float = 10, grace: float = 10) -> Program:
    """A Python process that runs `code`; ready once it has written the file `ready`."""
    flag = tmp_path / "ready"

    async def ready() -> bool:
        return flag.exists()

    start = "import pathlib, os, signal, subprocess, sys, time\n"
    return Program("child", (sys.executable, "-c", start + code, str(flag)), ready, patience=patience, grace=grace)


WORKS = "pathlib.Path(sys.argv[1]).write_text(''); time.sleep(60)"


def all_are(processes: list[psutil.Process], status: str) -> Callable[[], Awaitable[bool]]:
    async def probe() -> bool:
        return all(process.status() == status for process in processes)

    return probe


def pid_of(supervisor: Supervisor) -> int:
    pid = supervisor.children()["child"].pid
    assert pid
    return pid


async def test_a_killed_child_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, WORKS))
    first = pid_of(supervisor)

    supervisor.kill("child")
    await supervisor.until_ready("child")

    assert not psutil.pid_exists(first)
    assert pid_of(supervisor) != first
    assert supervisor.children()["child"].restarts == 1


async def test_a_stopped_child_stays_stopped(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, WORKS))
    pid = pid_of(supervisor)

    await supervisor.stop()

    assert not psutil.pid_exists(pid)
    assert supervisor.children() == {}


async def test_a_child_that_was_stopped_comes_back_when_it_is_told_to(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, WORKS))
    first = pid_of(supervisor)

    await supervisor.stop_child("child")
    assert not psutil.pid_exists(first)
    assert supervisor.children()["child"].stopped

    await supervisor.start_child("child")
    second = pid_of(supervisor)
    await supervisor.start_child("child")
    assert pid_of(supervisor) == second != first
    supervisor.kill("child")
    await supervisor.until_ready("child")
    assert supervisor.children()["child"].restarts == 1


async def test_a_paused_child_stands_still_with_what_it_started(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, "subprocess.Popen(['sleep', '60']);" + WORKS))
    processes = [psutil.Process(pid_of(supervisor)), *psutil.Process(pid_of(supervisor)).children()]

    supervisor.pause("child")
    await eventually(all_are(processes, psutil.STATUS_STOPPED))

    supervisor.resume("child")
    await eventually(all_are(processes, psutil.STATUS_SLEEPING))


async def test_a_paused_child_can_be_stopped(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, WORKS, grace=60))
    pid = pid_of(supervisor)

    supervisor.pause("child")
    await asyncio.wait_for(supervisor.stop_child("child"), 10)

    assert not psutil.pid_exists(pid)


async def test_a_child_deaf_to_sigterm_is_killed_after_its_grace(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, "signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WORKS, grace=0.2))
    pid = pid_of(supervisor)

    await asyncio.wait_for(supervisor.stop(), 5)

    assert not psutil.pid_exists(pid)


async def test_what_a_killed_child_had_started_dies_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, "subprocess.Popen(['sleep', '60']);" + WORKS))
    [grandchild] = psutil.Process(pid_of(supervisor)).children()

    supervisor.kill("child")
    await supervisor.until_ready("child")

    _, alive = psutil.wait_procs([grandchild], timeout=5)
    assert not alive


async def test_a_child_that_keeps_dying_is_told_with_the_end_of_its_log(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match=r"(?s)child keeps dying while it starts.*no database to be found"):
        await supervisor.start(child(tmp_path, "sys.exit('no database to be found')"))


async def test_a_child_that_is_never_ready_is_told_with_the_end_of_its_log(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match=r"(?s)not ready after 0.5 seconds.*waiting for godot"):
        await supervisor.start(child(tmp_path, "print('waiting for godot'); time.sleep(60)", patience=0.5))


async def test_an_unknown_name_is_an_error_that_lists_the_known_ones(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(child(tmp_path, WORKS))

    with pytest.raises(LocalError, match="No process is named chlid: there are child"):
        supervisor.kill("chlid")
