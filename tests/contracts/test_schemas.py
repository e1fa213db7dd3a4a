"""The published language keeps its word: no schema changes incompatibly, every sample ever written still reads."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from distretti.cli.schemas import CONTRACTS, breaks, schema_text
from shared.contracts.base import DomainEvent
from shared.contracts.topics import EVENT_TYPES

SAMPLES = sorted((CONTRACTS / "samples").glob("*/*.json"))


def schema_file(kind: type[DomainEvent]) -> Path:
    return CONTRACTS / "schemas" / f"{kind.TYPE}.json"


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=lambda kind: kind.TYPE)
def test_the_golden_schema_is_the_class(kind: type[DomainEvent]) -> None:
    golden, now = schema_file(kind).read_text(), schema_text(kind)
    assert breaks(golden, now) is None
    assert golden == now, "run `distretti schemas` and commit the file"
    assert json.loads(golden)["additionalProperties"] is False


def test_no_schema_is_left_of_a_type_that_is_gone() -> None:
    assert {file.stem for file in (CONTRACTS / "schemas").glob("*.json")} == set(EVENT_TYPES)
    assert {file.parent.name for file in SAMPLES} == set(EVENT_TYPES)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_sample_still_reads_and_readers_ignore_what_they_do_not_know(file: Path) -> None:
    kind, data = EVENT_TYPES[file.parent.name], json.loads(file.read_text())
    event = kind.model_validate_json(json.dumps(data))
    jsonschema.validate(json.loads(event.model_dump_json()), json.loads(schema_file(kind).read_text()))
    assert kind.model_validate_json(json.dumps(_widened(data)), extra="ignore") == event


def _widened(value: Any) -> Any:
    """Add a field nobody knows to every object but maps of free keys."""
    if isinstance(value, dict):
        return {key: _widened(item) if key not in ("contributions", "features") else item for key, item in value.items()} | {
            "field_of_2031": 1
        }
    return [_widened(item) for item in value] if isinstance(value, list) else value
