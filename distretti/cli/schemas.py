"""`distretti schemas`: writes one schema file for each event type, and refuses a change that would break a reader."""

import json
from pathlib import Path
from typing import Any

import typer
from rich import print as say

from shared.contracts.base import DomainEvent
from shared.contracts.topics import EVENT_TYPES

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"


def schema_text(kind: type[DomainEvent]) -> str:
    """Write the schema of an event type as its file holds it."""
    schema = {"$id": f"urn:distretti:schema:{kind.TYPE}", **kind.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def breaks(before: str, after: str) -> str | None:
    """Say why a schema may not change so; None where it may.

    Events stay on their topics for ever, so all that was valid must still be read. And services are deployed one by
    one, so what is written from now on must be readable by those that know only the schema before (and ignore fields
    they do not know).
    """
    import jsoncompat

    old, new = json.loads(before), json.loads(after)
    if not jsoncompat.check_compat(_text(old), _text(_opened(new)), jsoncompat.Role.DESERIALIZER):
        return "events of before could no longer be read: publish a new type beside the old one"
    if not jsoncompat.check_compat(_text(_opened(old)), _text(new), jsoncompat.Role.SERIALIZER):
        return "readers of before could not read the new events: publish a new type beside the old one"
    return None


def _text(schema: dict[str, Any]) -> str:
    """Write a schema without its $id, which the checker takes for a reference."""
    return json.dumps({key: value for key, value in schema.items() if key != "$id"})


def _opened(schema: Any) -> Any:
    """Make a schema what a reader takes: fields it does not know are ignored."""
    if isinstance(schema, dict):
        return {key: _opened(value) for key, value in schema.items() if key != "additionalProperties" or value is not False}
    return [_opened(item) for item in schema] if isinstance(schema, list) else schema


def schemas() -> None:
    """Write the schemas of all event types, unless one would break a reader."""
    failed = False
    for type_name, kind in EVENT_TYPES.items():
        file = CONTRACTS / "schemas" / f"{type_name}.json"
        text = schema_text(kind)
        reason = breaks(file.read_text(), text) if file.exists() else None
        if reason:
            say(f"[red]{type_name}[/red]: {reason}")
            failed = True
        elif not file.exists() or file.read_text() != text:
            file.write_text(text)
            say(f"written: {type_name}")
    if failed:
        raise typer.Exit(1)
