"""Modules of the project as syntax trees, with the full names of what they import and define."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.linters.areas import python_files


@dataclass(frozen=True, slots=True)
class Module:
    """A parsed file. `names` gives the full name behind each name imported or defined at the top of the module."""

    path: Path
    name: str
    tree: ast.Module
    names: Mapping[str, str]

    def resolve(self, node: ast.expr) -> str | None:
        """The full name of what an expression such as `text` or `texts.text` refers to; None where it is local."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute(value=value, attr=attribute):
                owner = self.resolve(value)
                return f"{owner}.{attribute}" if owner else None
            case _:
                return None


def load_modules(root: Path, folder: Path) -> list[Module]:
    """Every module below a folder of the project."""
    return [_load(root, path) for path in python_files([folder])]


def _load(root: Path, path: Path) -> Module:
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(origin), names=aliases):
                names |= {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in aliases}
            case ast.Import(names=aliases):
                names |= {alias.asname or alias.name: alias.name for alias in aliases}
            case _:
                pass
    definitions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))
    names |= {node.name: f"{name}.{node.name}" for node in definitions}
    return Module(path.relative_to(root), name, tree, names)
