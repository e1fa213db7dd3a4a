"""Wrong JSON for each place of a fitting body: of another type, or of the right one and nonsense."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
Place = tuple[int | str, ...]
PLACEHOLDER = "@here@"
"""Stands in a body for what is put there as it is written: JSON that no value of Python gives."""
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object", type(None): "null"}
WRONG_BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "integer": ('"5"', "true", "5.0", "5e0", "[5]", '{"value":5}', "NaN", "-Infinity", "1e400", "9" * 30, "9" * 5000, "-1", "2.5"),
    "number": ('"5"', "true", "[5]", '{"value":5}', "NaN", "Infinity", "1e400", "-1e400", "9" * 5000, '"NaN"'),
    "boolean": ('"true"', '"yes"', "1", "0", "1.0", "[true]", "{}", '""'),
    "string": ("5", "true", "1.5", "1700000000", '["x"]', '{"it":"x"}', "[]", "NaN", "9" * 5000),
    "array": ('"x"', "{}", '{"0":"x"}', "1", "true", "[[[]]]", "[null]", '"[]"', "[" * 200 + "]" * 200),
    "object": ('"x"', "[]", "1", "true", '"{}"', '{"":1}', '{"\\ud800":1}', '{"$gt":""}', '{"a":' * 200 + "1" + "}" * 200),
}
"""By the type that is needed; no place of a body takes any of these, or null where it may not be null."""
TEXTS = ('"a\\u0000b"', '"a\\u202eb"', '"a\\ud800b"', '"\\udfff"', '"\\u001b[0m"', '"\\ufffe"', '"a\\u2028\\u0085b"')
"""Controls, directions, halves of characters: refused in every text."""
BLANK = ('""', '" \\t"', '"\\u200b"', '"\\ufeff\\u00ad"', '"\\u3164"')
"""Refused in every text that must show something."""
LONG = f'"{"x" * 20_000}"'
TIMES = ('"1700000000"', '"0"', '"2027-13-40"', '"2027-03-10T25:00:00Z"', '"2027-03-10T10:00"', '"0001-01-01T00:00:00+14:00"')
TIMES += ('"9999-12-31T23:59:59-14:00"', '"P1D"', '"now"', '"２０２７-03-10"', "1e12", "-1")


@dataclass(frozen=True)
class WrongBody:
    """A body with something wrong at one place."""

    place: Place
    content: bytes


def wrong_bodies(sample: Any, schema: Schema, definitions: Schema) -> Iterator[list[WrongBody]]:
    """All that can be wrong at each place of a body, a list a place."""
    for place, part, kinds in _places(sample, schema, definitions, ()):
        yield [WrongBody(place, _with(sample, place, wrong)) for wrong in _wrong(part, kinds)]
        if isinstance(part, dict):
            yield [WrongBody((*place, name), _with(sample, place, wrong)) for name, wrong in _wrong_names(part, kinds)]


def _wrong(part: Any, kinds: Schema) -> Iterator[str]:
    needed = TYPES[type(part)]
    yield from WRONG_BY_TYPE[needed]
    if "null" not in kinds:
        yield "null"
    if needed == "string":
        yield from TEXTS
        yield LONG
        yield from BLANK if kinds["string"].get("minLength") or not kinds["string"].get("maxLength") else ()
        yield from TIMES if kinds["string"].get("format", "").startswith("date") else ()
    if needed == "array":
        yield json.dumps([*part] * 700)
        yield json.dumps([part])
    if needed == "object":
        yield json.dumps([part])


def _wrong_names(part: Mapping[str, Any], kinds: Schema) -> Iterator[tuple[str, str]]:
    """Fields that are unknown, given twice, or missing."""
    inner = json.dumps(part)[1:-1]
    yield from ((name, f"{{{inner},{json.dumps(name)}:1}}") for name in ("colour", "__proto__", "$set", "Id", "a\u202eb"))
    for name, value in part.items():
        yield name, f"{{{json.dumps(name)}:{json.dumps(value)},{inner}}}"
    for name in kinds["object"].get("required", ()):
        yield name, json.dumps({key: value for key, value in part.items() if key != name})


def _places(part: Any, schema: Schema, definitions: Schema, place: Place) -> Iterator[tuple[Place, Any, Schema]]:
    """Each value of a body with the schemas that it may have, by their types."""
    kinds = kinds_of(schema, definitions)
    if part is None:
        return
    yield place, part, kinds
    if isinstance(part, dict):
        for name, item in part.items():
            yield from _places(item, field_schema(kinds["object"], name), definitions, (*place, name))
    elif isinstance(part, list):
        for number, item in enumerate(part[:1]):
            yield from _places(item, kinds["array"]["items"], definitions, (*place, number))


def kinds_of(schema: Schema, definitions: Schema) -> Schema:
    """What a schema allows, by type."""
    if "$ref" in schema:
        return kinds_of(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    kinds: dict[str, Any] = {}
    for choice in schema.get("anyOf", ()):
        kinds |= kinds_of(choice, definitions)
    return kinds or {schema.get("type", "string"): schema}


def field_schema(schema: Schema, name: str) -> Schema:
    """The schema of a field, also of one with a free name."""
    declared: Schema | None = schema.get("properties", {}).get(name)
    free = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return declared if declared is not None else free[0]


def _with(sample: Any, place: Place, wrong: str) -> bytes:
    return json.dumps(_put(sample, place), ensure_ascii=False).replace(f'"{PLACEHOLDER}"', wrong).encode()


def _put(part: Any, place: Place) -> Any:
    if not place:
        return PLACEHOLDER
    name, *rest = place
    copy = list(part) if isinstance(part, list) else dict(part)
    copy[name] = _put(part[name], tuple(rest))
    return copy
