"""`distretti token` signs what the local system accepts."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from distretti.cli.main import app
from distretti.devstack.token_issuer import open_issuer
from tests.devstack.test_token_issuer import verified


def test_the_command_prints_the_token_alone(tmp_path: Path) -> None:
    issuer = open_issuer(tmp_path / "issuer")
    result = CliRunner().invoke(app, ["token", "--role", "manager", "--district", "marble", "--data-dir", str(tmp_path)])

    claims = verified(result.stdout.removesuffix("\n"), issuer)
    assert (claims["roles"], claims["manages"]) == (["manager"], ["marble"])
    assert claims["exp"] - claims["iat"] == 12 * 3600


@pytest.mark.parametrize(("role", "missing"), [("member", "--member"), ("manager", "--district")])
def test_a_role_that_needs_more_says_so(tmp_path: Path, role: str, missing: str) -> None:
    result = CliRunner().invoke(app, ["token", "--role", role, "--data-dir", str(tmp_path)])

    assert result.exit_code == 2
    assert missing in result.stderr


def test_where_there_is_no_system_there_is_no_token_and_nothing_is_made(tmp_path: Path) -> None:
    directory = tmp_path / "none"
    result = CliRunner().invoke(app, ["token", "--data-dir", str(directory)])

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"distretti up --data-dir {directory}" in result.stderr
    assert not directory.exists()
