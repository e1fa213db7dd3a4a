"""`distretti evaluate` says what is missing."""

from typer.testing import CliRunner

from distretti.cli.main import app


def test_a_directory_without_tables_is_said(tmp_path):
    result = CliRunner().invoke(app, ["evaluate", "matching", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "is missing" in "".join(result.output.split("\n")).replace("│", "")
