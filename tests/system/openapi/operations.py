"""The operations of an OpenAPI document, each with what a fitting request has."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.system.openapi.bad_requests import Operation
from tests.system.openapi.fixtures import PopulatedSystem
from tests.system.sample_bodies import sample_bodies

IDS = {
    "part": "o1",
    "need": "n1",
    "version": "1",
    "one": "1",
    "other": "2",
    "table": "1",
    "room": "1",
    "of": "tables",
    "secret": "s",
}


def operations(system: PopulatedSystem, service: str) -> Iterator[Operation]:
    """Every operation of the API of a service. Raises KeyError where a fitting body is not known."""
    document: Mapping[str, Any] = system.documents[service]
    members = system.ids["members"]
    bodies = sample_bodies(*members[:3])
    for path, methods in document["paths"].items():
        for method, described in methods.items() if path.startswith("/v1/") else ():
            schema = _schema(described)
            yield Operation(
                method.upper(),
                path,
                {"member": members[0], "id": _id(system, path), **IDS},
                bodies[f"{method.upper()} {path}"] if schema else None,
                schema,
                document["components"]["schemas"],
                described.get("parameters", ()),
            )


def _schema(described: Mapping[str, Any]) -> Mapping[str, Any]:
    contents = described.get("requestBody", {}).get("content", {}).values()
    return next((content["schema"] for content in contents), {})


def _id(system: PopulatedSystem, path: str) -> str:
    kind = path.split("/")[2]
    return "draft" if path.endswith("/draft") else next(iter(system.ids.get(kind, ["x"])))
