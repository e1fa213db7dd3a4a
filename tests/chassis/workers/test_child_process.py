"""Child processes are restarted when they end, ended when they are told to, and never left behind."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from shared.chassis.config import Settings
from shared.chassis.workers import child_process
from shared.chassis.workers.child_process import ChildProcess, end_process, spawn_module
from tests.lib.services import eventually

ECHO = """
import sys
from shared.chassis.workers.child_process import die_with
die_with(int(sys.argv[1]))
for line in sys.stdin:
    print(*sys.argv[2:], line.strip(), flush=True)
"""
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(3600)
"""
WRITES_ITS_ID = """
import os, sys, time
with open(sys.argv[2], "a") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(3600)
"""
PARENT = """
import asyncio, sys
from shared.chassis.workers.child_process import spawn_module
async def main():
    process = await spawn_module("child", line_bytes=1000)
    print(process.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.fixture
def write_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Write the module `child`, which Python processes find."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    return (tmp_path / "child.py").write_text


async def test_a_module_gets_its_arguments_and_answers_by_lines(write_module: Callable[[str], int]) -> None:
    write_module(ECHO)
    process = await spawn_module("child", "a", "b", line_bytes=1000)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"hello\n")
    assert await process.stdout.readline() == b"a b hello\n"
    await end_process(process)
    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("grace", [0, 0.05])
async def test_a_process_that_ignores_the_signal_is_killed(write_module: Callable[[str], int], grace: float) -> None:
    write_module(STUBBORN)
    process = await spawn_module("child", line_bytes=1000)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    await end_process(process, grace)
    assert process.returncode == -signal.SIGKILL
    await end_process(process)


async def test_it_is_restarted_when_it_ends_until_it_is_stopped(
    write_module: Callable[[str], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "FIRST_PAUSE", 0.01)
    write_module(WRITES_ITS_ID)
    ids = tmp_path / "ids"
    child = ChildProcess("child", Settings(), str(ids))
    running = asyncio.create_task(child.run())

    async def started(times: int) -> list[int]:
        written = [int(line) for line in ids.read_text().splitlines()] if ids.exists() else []
        return written if len(written) == times else []

    [first] = await eventually(lambda: started(1))
    os.kill(first, signal.SIGKILL)
    _, second = await eventually(lambda: started(2))
    await child.stop()
    await running
    assert not psutil.pid_exists(second)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent ended")
async def test_it_ends_with_its_parent_however_that_ends(write_module: Callable[[str], int]) -> None:
    write_module(ECHO)
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=PIPE)
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()

    async def ended() -> bool:
        return not child.is_running() or child.status() == psutil.STATUS_ZOMBIE

    await eventually(ended)
