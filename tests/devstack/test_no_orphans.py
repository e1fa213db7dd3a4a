"""However the command that runs the system ends, no process of it is left."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from distretti.devstack.binaries import ROOT
from distretti.devstack.state_file import find_running
from tests.lib.eventually import until


def test_killed_or_stopped_no_process_is_left(tmp_path: Path) -> None:
    killed, children = _start(tmp_path)
    killed.kill()
    assert killed.wait(10) == -signal.SIGKILL
    _assert_gone(children)

    stopped, children = _start(tmp_path)
    stopped.send_signal(signal.SIGINT)
    assert stopped.wait(30) == 0
    assert not any(child.is_running() for child in children)


def test_a_signal_while_it_starts_leaves_nothing_either(tmp_path: Path) -> None:
    starting = _spawn(tmp_path)
    until(lambda: (tmp_path / "run.json").exists() and bool(find_running(tmp_path).processes))
    children = psutil.Process(starting.pid).children(recursive=True)

    starting.send_signal(signal.SIGTERM)

    assert starting.wait(30) == 0
    assert not any(child.is_running() for child in children)


def _start(data_dir: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    system = _spawn(data_dir)
    assert system.stdout
    assert system.stdout.readline() == "up\n"
    children = psutil.Process(system.pid).children(recursive=True)
    assert len(children) == len(find_running(data_dir).processes) == 4
    return system, children


def _spawn(data_dir: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.devstack.stack_process", str(data_dir)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _assert_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not alive
