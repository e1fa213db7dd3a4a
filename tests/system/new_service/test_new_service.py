"""The lists of places for a new event and a new service in CONTRIBUTING.md are true, and every service is in all of them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from distretti.devstack.programs import service_names
from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from tests.lib.services import bearer
from tests.system.new_service.skeleton import NAME, ROOT, copy_with


@pytest.mark.parametrize("service", service_names())
def test_every_service_is_in_its_places(service: str) -> None:
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    assert re.search(rf"@bare path .*/{service}\b", caddyfile)
    assert re.search(rf"@service path .*/{service}/", caddyfile)
    assert f"handle_path /{service}/* {{\n\t\timport upstream {{${service.upper()}_UPSTREAM:{service}:8000}}" in caddyfile
    assert f'href="{service}/docs"' in (ROOT / "deploy/site/index.html").read_text()
    assert f"(services/{service}/README.md)" in (ROOT / "README.md").read_text()


def run(copy: Path, *arguments: str, **environment: str) -> str:
    """Run a module in the copy, whose packages come before those of the project."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), **environment},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.mark.timeout(300)
def test_a_service_made_by_the_list_runs_and_is_found(settings: Settings, issuer: Issuer, tmp_path: Path) -> None:
    copy = tmp_path / "project"
    copy_with("A new service", copy)
    assert "written: surveys.survey-opened.v1" in run(copy, "distretti.cli.main", "schemas")
    schema = copy / "shared/contracts/schemas/surveys.survey-opened.v1.json"
    assert json.loads(schema.read_text())["required"] == ["title"]
    run(copy, "tools.linters", f"services/{NAME}")
    token = bearer(issuer, "operator")["Authorization"].removeprefix("Bearer ")
    run(copy, "tests.system.new_service.probe", str(tmp_path), token, **settings.environment())


@pytest.mark.timeout(300)
def test_an_event_made_by_the_list_reaches_a_mail(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    copy_with("A new domain event, from the registry to a mail", copy)
    assert "written: registry.member-suspended.v1" in run(copy, "distretti.cli.main", "schemas")
    run(copy, "tools.linters", "services/registry", "services/notifications/notices")
    tests = (
        "tests/contracts/test_schemas.py",
        "tests/registry/member/test_rules.py",
        "tests/notifications/messages/test_rendering.py",
    )
    assert "failed" not in run(copy, "pytest", "-q", *tests)
