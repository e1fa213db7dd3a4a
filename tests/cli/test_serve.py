"""`distretti serve` runs a service in its place, and names those that there are."""

import os
import sys

import pytest
from typer.testing import CliRunner

from distretti.cli.main import app


def test_the_service_replaces_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, arguments: replaced.append(arguments))
    assert CliRunner().invoke(app, ["serve", "registry"]).exit_code == 0
    assert replaced == [[sys.executable, "-m", "services.registry"]]


def test_an_unknown_service_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(app, ["serve", "surveys"])
    assert result.exit_code == 1
    assert "No service is named surveys: there are events, matching, notifications, registry." in result.stderr
