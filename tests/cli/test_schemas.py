"""`distretti schemas` knows which change of a schema breaks a reader."""

import json
from typing import Any

import pytest

from distretti.cli.schemas import breaks
from shared.contracts.topics import EVENT_TYPES
from tests.contracts.test_schemas import schema_file


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"add": {"note": {"type": "string"}}}, True),
        ({"add": {"note": {"type": "string"}}, "require": ["note"]}, False),
        ({"drop": ["place"]}, False),
        ({"add": {"name": {"type": "integer"}}}, False),
        ({"add": {"name": {"type": "string", "maxLength": 10}}}, False),
        ({"add": {"kind": {"type": "string"}}}, False),
    ],
)
def test_the_check_knows_what_breaks_a_reader(change: dict[str, Any], allowed: bool) -> None:
    before = schema_file(EVENT_TYPES["registry.member-applied.v1"]).read_text()
    after = json.loads(before)
    after["properties"] |= change.get("add", {})
    after["required"] = [name for name in after["required"] if name not in change.get("drop", ())] + change.get("require", [])
    for name in change.get("drop", ()):
        del after["properties"][name]
    assert (breaks(before, json.dumps(after)) is None) is allowed
