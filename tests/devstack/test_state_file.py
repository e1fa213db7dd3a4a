"""The data directory of a local system belongs to one process at a time."""

from pathlib import Path

import pytest

from distretti.devstack.errors import AlreadyRunning
from distretti.devstack.state_file import clear, locked


def test_a_directory_is_cleared_unless_a_system_runs_on_it(tmp_path: Path) -> None:
    system = tmp_path / "drill" / "system"
    clear(system)
    (system / "mongo").mkdir()
    (system / "mongo" / "journal").write_text("kept")
    with locked(system):
        with pytest.raises(AlreadyRunning):
            clear(system)
        assert (system / "mongo" / "journal").read_text() == "kept"
    clear(system)
    assert not (system / "mongo").exists()
