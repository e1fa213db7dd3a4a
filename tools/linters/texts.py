"""Refuses texts that are missing in a language, unused or incomplete, and pairs of texts that stand in code.

Catalogues are checked whole; pairs of texts (`it="..."`, `en="..."`) in the listed areas, outside the contracts.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tools.linters.areas import python_files
from tools.linters.catalogues import LANGUAGES, Catalogues, catalogue_path, compare_languages, read_catalogues
from tools.linters.findings import Finding
from tools.linters.modules import load_modules
from tools.linters.text_keys import KeyUse, key_takers, key_uses, literal_texts

CHASSIS = Path("shared/chassis")
CONTRACTS = Path("shared/contracts")


def check_texts(root: Path, areas: Iterable[Path]) -> Iterator[Finding]:
    """Every refused text of the catalogues, and of the areas."""
    packages = [root / CHASSIS, *sorted(main.parent for main in (root / "services").glob("*/__main__.py"))]
    modules = {package: load_modules(root, package) for package in packages}
    catalogues = {package: read_catalogues(package) for package in packages}
    project = [module for loaded in modules.values() for module in loaded]
    takers = key_takers(project)
    strings, patterns = literal_texts(project)
    for package in packages:
        own, inherited = catalogues[package], catalogues[root / CHASSIS]
        yield from compare_languages(root, package, own)
        for use in key_uses(modules[package], takers):
            yield from _check_use(use, [own, inherited])
        path = catalogue_path(package, LANGUAGES[0]).relative_to(root)
        for key, entry in own[LANGUAGES[0]].items():
            if key not in strings and not any(pattern.fullmatch(key) for pattern in patterns):
                yield Finding(path, entry.line, key, "no code uses it: remove it")
    yield from check_pairs(root, areas)


def _check_use(use: KeyUse, catalogues: Sequence[Catalogues]) -> Iterator[Finding]:
    for language in LANGUAGES:
        entry = next((catalogue[language][use.key] for catalogue in catalogues if use.key in catalogue[language]), None)
        if entry is None:
            yield Finding(use.path, use.line, use.key, f"not in the catalogue in {language}: add it there")
        elif use.params is not None:
            if lacking := entry.placeholders - use.params:
                yield Finding(use.path, use.line, use.key, f"the text in {language} needs {{{', '.join(sorted(lacking))}}}")
            if unused := use.params - entry.placeholders - {"n"}:
                yield Finding(use.path, use.line, use.key, f"the text in {language} does not use {{{', '.join(sorted(unused))}}}")


def check_pairs(root: Path, areas: Iterable[Path]) -> Iterator[Finding]:
    """Refuse literal texts in two languages below the areas."""
    for path in python_files(areas):
        if path.relative_to(root).is_relative_to(CONTRACTS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _is_pair(node):
                line = node.lineno if isinstance(node, ast.expr) else 0
                yield Finding(path.relative_to(root), line, "it, en", "texts stand in the catalogue: name a key, text(...)")


def _is_pair(node: ast.AST) -> bool:
    match node:
        case ast.Call(keywords=keywords):
            texts = {keyword.arg: keyword.value for keyword in keywords if keyword.arg}
        case ast.Dict(keys=keys, values=values):
            texts = {str(key.value): value for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant)}
        case _:
            return False
    return set(LANGUAGES) <= texts.keys() and any(_is_literal(texts[language]) for language in LANGUAGES)


def _is_literal(node: ast.expr) -> bool:
    """A string, an f-string with words in it, or a choice between such; also a table of strings."""
    match node:
        case ast.Constant(value=str(content)):
            return bool(content)
        case ast.JoinedStr(values=parts):
            return any(_is_literal(part) for part in parts if isinstance(part, ast.Constant))
        case ast.IfExp(body=body, orelse=orelse):
            return _is_literal(body) or _is_literal(orelse)
        case ast.BinOp(left=left, right=right):
            return _is_literal(left) or _is_literal(right)
        case ast.Dict(values=values):
            return any(_is_literal(value) for value in values)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return any(_is_literal(element) for element in elements)
        case _:
            return False
