"""`distretti schemas`: write the JSON schema of each event type; refuse an incompatible change."""

import json
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from shared.contracts.base import DomainEvent

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"


def schema_text(kind: type[DomainEvent]) -> str:
    """The content of an event type's schema file."""
    schema = {"$id": f"urn:distretti:schema:{kind.TYPE}", **kind.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def breaks(before: str, after: str) -> str | None:
    """Why a schema change is incompatible; None where it is compatible.

    Backward: events stay on their topics for ever, so readers of the new schema must accept every old event. Forward:
    services are deployed one by one, so readers of the old schema (which ignore unknown fields) must accept new events.
    """
    import jsoncompat

    old, new = json.loads(before), json.loads(after)
    if not jsoncompat.check_compat(_text(old), _text(_opened(new)), jsoncompat.Role.DESERIALIZER):
        return "existing events could no longer be read: publish a new type beside the old one"
    if not jsoncompat.check_compat(_text(_opened(old)), _text(new), jsoncompat.Role.SERIALIZER):
        return "readers of the old schema could not read new events: publish a new type beside the old one"
    return None


def _text(schema: dict[str, Any]) -> str:
    """A schema as text without its $id, which jsoncompat takes for a reference."""
    return json.dumps({key: value for key, value in schema.items() if key != "$id"})


def _opened(schema: Any) -> Any:
    """A schema as readers apply it: unknown fields are ignored."""
    if isinstance(schema, dict):
        return {key: _opened(value) for key, value in schema.items() if key != "additionalProperties" or value is not False}
    return [_opened(item) for item in schema] if isinstance(schema, list) else schema


def schemas() -> None:
    """Write the schemas of all event types. Exit status 1 where a change is incompatible."""
    from shared.contracts.topics import EVENT_TYPES

    console, failed = Console(), False
    for type_name, kind in EVENT_TYPES.items():
        file = CONTRACTS / "schemas" / f"{type_name}.json"
        text = schema_text(kind)
        reason = breaks(file.read_text(), text) if file.exists() else None
        if reason:
            console.print(f"[red]{type_name}[/red]: {reason}")
            failed = True
        elif not file.exists() or file.read_text() != text:
            file.write_text(text)
            console.print(f"written: {type_name}")
    if failed:
        raise typer.Exit(1)
