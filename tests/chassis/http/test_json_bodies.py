"""JSON as it is sent: UTF-8, each field once."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import Request
from starlette.exceptions import HTTPException

from shared.chassis.errors import Invalid
from shared.chassis.http.json_bodies import read_json, refuse_ambiguous_body


@pytest.mark.parametrize("raw", [b'{"a": {"b": [1, "\xc3\xa8"]}}', b'\xef\xbb\xbf{"a": {"b": [1, "\xc3\xa8"]}}'])
def test_utf8_is_read_with_and_without_a_byte_order_mark(raw: bytes) -> None:
    assert read_json(raw) == {"a": {"b": [1, "è"]}}


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b'{"a": 1, "a": 1}', ["a"]),
        (b'{"a": 1, "\\u0061": 2}', ["a"]),
        (b'{"x": [{"b": 1}, {"b": 1, "c": 2, "b": 3}]}', ["x.1.b"]),
        (b"{" + b'"a": 1,' * 5_000 + b'"b": 1}', ["a"]),
    ],
)
def test_a_field_that_is_given_twice_is_named(raw: bytes, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        read_json(raw)
    assert [error.field for error in refusal.value.errors] == fields


async def check(body: bytes, content_type: str = "application/json") -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "route": SimpleNamespace(body_field=1), "headers": [(b"content-type", content_type.encode())]}
    await refuse_ambiguous_body(Request(scope, cast(Any, receive)))


@pytest.mark.parametrize(
    "body", ['{"a": 1}'.encode("utf-16"), '{"a": 1}'.encode("utf-16-le"), '"è"'.encode("latin-1"), b"[" * 9_000]
)
async def test_what_is_no_json_in_utf8_is_malformed(body: bytes) -> None:
    with pytest.raises(HTTPException) as failure:
        await check(body)
    assert failure.value.status_code == 400


@pytest.mark.parametrize("content_type", ["", "text/plain", "json", "application/x-www-form-urlencoded"])
async def test_a_body_says_that_it_is_json(content_type: str) -> None:
    for json_type in ("application/json", "application/json; charset=utf-8", "application/merge-patch+json"):
        await check(b"{}", json_type)
    with pytest.raises(Invalid) as refusal:
        await check(b"{}", content_type)
    assert [(error.field, error.rule) for error in refusal.value.errors] == [("body", "content_type")]
