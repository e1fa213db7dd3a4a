"""Every identifier that a file defines, and its prose (docstrings and comments)."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["module", "variable", "parameter", "attribute", "field", "function", "class", "alias"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A defined name. `siblings` are the parameters of the same function."""

    name: str
    line: int
    kind: Kind
    siblings: frozenset[str] = frozenset()

    @property
    def parts(self) -> tuple[str, ...]:
        """The words of a name in lower case: `_MyName2` and `my_name2` are both `my`, `name2`."""
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", self.name)
        return tuple(part for part in spaced.lower().split("_") if part)


@dataclass(frozen=True, slots=True)
class Prose:
    text: str
    line: int


def identifiers(tree: ast.AST) -> Iterator[Identifier]:
    """The names that a module defines. Names used are checked where they are defined."""
    fields = {id(statement.target) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for statement in _annotated(node)}
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name):
                yield Identifier(name, node.lineno, "class")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield Identifier(name, node.lineno, "function")
                yield from _parameters(node.args)
            case ast.Lambda():
                yield from _parameters(node.args)
            case ast.Name(id=name, ctx=ast.Store()):
                yield Identifier(name, node.lineno, "field" if id(node) in fields else "variable")
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield Identifier(name, node.lineno, "attribute")
            case ast.alias(asname=str(name)):
                yield Identifier(name, node.lineno, "alias")
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield Identifier(name, node.lineno, "variable")
            case ast.MatchMapping(rest=str(name)):
                yield Identifier(name, node.lineno, "variable")
            case _:
                pass


def _annotated(node: ast.ClassDef) -> Iterator[ast.AnnAssign]:
    return (statement for statement in node.body if isinstance(statement, ast.AnnAssign))


def _parameters(arguments: ast.arguments) -> Iterator[Identifier]:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    named += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    names = frozenset(argument.arg for argument in named)
    for argument in named:
        yield Identifier(argument.arg, argument.lineno, "parameter", names)


def prose(source: str, tree: ast.AST) -> Iterator[Prose]:
    """Docstrings line by line, then comments."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            statement = node.body[0]
            yield Prose(ast.get_docstring(node, clean=False) or "", statement.lineno)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Prose(token.string, token.start[0])
