"""Which keys code names, and with which parameters."""

import ast
from pathlib import Path

import pytest

from tools.linters.modules import Module
from tools.linters.text_keys import key_takers, key_uses, literal_texts

HEAD = "from shared.chassis.texts import text, Message\nfrom shared.chassis.errors import Refusal\n"


def module(source: str) -> Module:
    names = {
        "text": "shared.chassis.texts.text",
        "Message": "shared.chassis.texts.Message",
        "Refusal": "shared.chassis.errors.Refusal",
    }
    tree = ast.parse(source)
    names |= {node.name: f"desk.{node.name}" for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return Module(Path("desk.py"), "desk", tree, names)


def uses(source: str) -> list[tuple[str, set[str] | None]]:
    modules = [module(source)]
    return [(use.key, None if use.params is None else set(use.params)) for use in key_uses(modules, key_takers(modules))]


@pytest.mark.parametrize(
    ("source", "use"),
    [
        ("text('full', room=1)", ("full", {"room"})),
        ("text(key='full')", ("full", set())),
        ("Message('full', {'room': 1})", ("full", {"room"})),
        ("Message('full', params)", ("full", None)),
        ("Message('full', {name: 1})", ("full", None)),
        ("text('full', **params)", ("full", None)),
        ("Refusal('full', day=1)", ("full", {"day"})),
    ],
)
def test_a_literal_key_is_seen_with_the_parameters_passed(source: str, use: tuple[str, set[str] | None]) -> None:
    assert uses(source) == [use]


def test_both_branches_of_a_choice_are_keys() -> None:
    assert uses("text('full' if n else 'empty' if m else 'free')") == [("full", set()), ("empty", set()), ("free", set())]


@pytest.mark.parametrize("source", ["text(key)", "text(f'full-{kind}')", "other('full')", "Refusal('full', message=m)", "text()"])
def test_what_is_no_literal_key_of_a_text_is_no_use(source: str) -> None:
    assert uses(source) == []


def test_a_helper_that_forwards_its_key_takes_keys_itself() -> None:
    helper = "def refuse(day, why, **rest): return text(why, room=1, **rest)\n"
    assert uses(helper + "refuse(1, 'full', seats=2)") == [("full", {"room", "seats"})]


def test_helpers_of_helpers_are_seen_whatever_their_order() -> None:
    outer, inner = "def outer(key): return inner(key)\n", "def inner(key): return text(key, room=1)\n"
    for source in (outer + inner, inner + outer):
        assert uses(source + "outer('full')") == [("full", {"room"})]


def test_a_subclass_of_a_subclass_of_a_refusal_takes_a_code() -> None:
    assert uses("class Late(Own): ...\nclass Own(Refusal): ...\nLate('full', day=1)") == [("full", {"day"})]


def test_literal_texts_are_all_strings_and_the_patterns_of_f_strings_that_begin_with_one() -> None:
    strings, patterns = literal_texts([module("a = 'full'\nb = f'reason-{kind}'\nc = f'{kind}-x'\n")])
    assert "full" in strings
    assert [bool(pattern.fullmatch("reason-topics")) for pattern in patterns] == [True]
    assert not patterns[0].fullmatch("reason-")
