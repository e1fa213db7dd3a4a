"""Options that several commands share."""

from pathlib import Path

import pytest

from distretti.cli.main import app
from tests.cli.small_instance import INSTANCE, RUNNER, words, write


@pytest.mark.parametrize("seconds", ["inf", "nan", "-1", "1e9"])
@pytest.mark.parametrize("command", [["schedule"], ["bench", "scheduling"]])
def test_a_time_limit_is_a_day_at_most(command: list[str], seconds: str, tmp_path: Path) -> None:
    file = write(tmp_path, "small.dzn", INSTANCE)
    done = RUNNER.invoke(app, [*command, str(file if command == ["schedule"] else tmp_path), "--time-limit", seconds])
    assert done.exit_code == 2
    assert "must be from 0 to 86400 seconds" in words(done.stderr)
