"""Full names behind the names of a module."""

import ast
from pathlib import Path

import pytest

from tools.linters.modules import Module, load_modules

SOURCE = """
import json
import os.path as paths
from shared.chassis import texts
from shared.chassis.texts import text as phrase

class Rule: ...
def refuse(): ...
async def wait(): ...
local = 1
"""


@pytest.fixture
def module(tmp_path: Path) -> Module:
    (tmp_path / "services").mkdir()
    (tmp_path / "services/rules.py").write_text(SOURCE)
    (loaded,) = load_modules(tmp_path, tmp_path / "services")
    return loaded


@pytest.mark.parametrize(
    ("expression", "full"),
    [
        ("json", "json"),
        ("json.dumps", "json.dumps"),
        ("paths.join", "os.path.join"),
        ("texts.text", "shared.chassis.texts.text"),
        ("phrase", "shared.chassis.texts.text"),
        ("Rule", "services.rules.Rule"),
        ("refuse", "services.rules.refuse"),
        ("wait", "services.rules.wait"),
        ("local", None),
        ("local.name", None),
        ("json['a']", None),
        ("refuse()", None),
    ],
)
def test_a_name_is_resolved_to_where_it_is_defined(module: Module, expression: str, full: str | None) -> None:
    assert module.resolve(ast.parse(expression, mode="eval").body) == full


def test_modules_have_the_name_they_are_imported_by(tmp_path: Path) -> None:
    (tmp_path / "services/desk").mkdir(parents=True)
    for name in ("__init__", "rules"):
        (tmp_path / f"services/desk/{name}.py").write_text("")
    modules = load_modules(tmp_path, tmp_path / "services")
    assert {module.name: module.path.as_posix() for module in modules} == {
        "services.desk": "services/desk/__init__.py",
        "services.desk.rules": "services/desk/rules.py",
    }
