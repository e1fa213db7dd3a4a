"""The keys of texts that code names: calls of `text`, `Message`, refusals, and of helpers that hand a key on to these."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.linters.modules import Module

MESSAGE = "shared.chassis.texts.Message"
REFUSAL = "shared.chassis.errors.Refusal"


@dataclass(frozen=True, slots=True)
class KeyTaker:
    """A callable with a key as argument `position`, named `name`. Keywords that are not its `own` parameters are the text's.

    `fixed` are parameters it adds itself; without `forwards` it takes no others.
    """

    position: int
    name: str
    own: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    forwards: bool = True


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key named in code. `params` is None where the code does not show which parameters it passes."""

    path: Path
    line: int
    key: str
    params: frozenset[str] | None


BASE: Mapping[str, KeyTaker] = {
    "shared.chassis.texts.text": KeyTaker(0, "key"),
    MESSAGE: KeyTaker(0, "key"),
    REFUSAL: KeyTaker(0, "code"),
}


def key_takers(modules: Sequence[Module]) -> Mapping[str, KeyTaker]:
    """Every callable that takes a key: the base ones, subclasses of refusals, and helpers that forward a parameter as key."""
    takers: dict[str, KeyTaker] = dict(BASE)
    refusals = {REFUSAL}
    while True:
        before = len(takers), len(refusals)
        for module in modules:
            for node in module.tree.body:
                if isinstance(node, ast.ClassDef) and any(module.resolve(base) in refusals for base in node.bases):
                    refusals.add(f"{module.name}.{node.name}")
                    if not any(isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in node.body):
                        takers[f"{module.name}.{node.name}"] = BASE[REFUSAL]
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (taker := _forwarding(module, node, takers)):
                    takers.setdefault(f"{module.name}.{node.name}", taker)
        if (len(takers), len(refusals)) == before:
            return takers


def _forwarding(
    module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, takers: Mapping[str, KeyTaker]
) -> KeyTaker | None:
    parameters = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]
    extra = function.args.kwarg
    for call, taker in _calls(module, function, takers):
        match _key(call, taker):
            case ast.Name(id=name) if name in parameters:
                forwards = any(keyword.arg is None and _is_name(keyword.value, extra) for keyword in call.keywords)
                fixed = frozenset(keyword.arg for keyword in call.keywords if keyword.arg) - taker.own | taker.fixed
                return KeyTaker(parameters.index(name), name, frozenset(parameters), fixed, forwards)
            case _:
                continue
    return None


def _is_name(node: ast.expr, argument: ast.arg | None) -> bool:
    return isinstance(node, ast.Name) and argument is not None and node.id == argument.arg


def key_uses(modules: Iterable[Module], takers: Mapping[str, KeyTaker]) -> Iterator[KeyUse]:
    """Every literal key. Keys from variables are not seen."""
    for module in modules:
        for call, taker in _calls(module, module.tree, takers):
            for key in _literals(_key(call, taker)):
                yield KeyUse(module.path, call.lineno, key, _params(module, call, taker))


def literal_texts(modules: Iterable[Module]) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Every string of the code, and a pattern for each f-string: what may be a key that a variable carries."""
    nodes = [node for module in modules for node in ast.walk(module.tree)]
    strings = frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return strings, tuple(_pattern(node) for node in nodes if isinstance(node, ast.JoinedStr) and _starts_literally(node))


def _calls(module: Module, tree: ast.AST, takers: Mapping[str, KeyTaker]) -> Iterator[tuple[ast.Call, KeyTaker]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or {"message", "it"} & {keyword.arg for keyword in node.keywords}:
            continue  # a refusal with a message of its own: its code is no key
        if _is_super_init(node):
            yield node, BASE[REFUSAL]
        elif taker := takers.get(module.resolve(node.func) or ""):
            yield node, taker


def _is_super_init(call: ast.Call) -> bool:
    """`super().__init__("code", ...)` of a refusal; other classes pass no string first, or one that is no literal key."""
    match call:
        case ast.Call(
            func=ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super"))), args=[ast.Constant(value=str(code)), *_]
        ):
            return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+|[a-z]+", code) is not None
        case _:
            return False


def _key(call: ast.Call, taker: KeyTaker) -> ast.expr | None:
    if len(call.args) > taker.position:
        return call.args[taker.position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == taker.name), None)


def _literals(node: ast.expr | None) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)
        case _:
            return


def _params(module: Module, call: ast.Call, taker: KeyTaker) -> frozenset[str] | None:
    if module.resolve(call.func) == MESSAGE:
        return _keys_of(call.args[1]) if len(call.args) > 1 else frozenset()
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    named = frozenset(keyword.arg for keyword in call.keywords if keyword.arg) - taker.own - {taker.name}
    return taker.fixed | (named if taker.forwards else frozenset())


def _keys_of(node: ast.expr) -> frozenset[str] | None:
    match node:
        case ast.Dict(keys=keys) if all(isinstance(key, ast.Constant) for key in keys):
            return frozenset(str(key.value) for key in keys if isinstance(key, ast.Constant))
        case _:
            return None


def _starts_literally(node: ast.JoinedStr) -> bool:
    return bool(node.values) and isinstance(node.values[0], ast.Constant)


def _pattern(node: ast.JoinedStr) -> re.Pattern[str]:
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
    return re.compile("".join(parts))
