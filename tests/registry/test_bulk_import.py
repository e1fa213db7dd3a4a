"""The bulk import: a result for each line, in order."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.requests import Request
from starlette.types import Message

from services.registry import ndjson
from services.registry.bulk_import import Importer
from shared.chassis.http.auth import Principal
from tests.lib.services import bearer
from tests.registry.conftest import Registry
from tests.registry.factories import DISTRICT, application

ANONYMOUS = Principal("test", frozenset(), None, frozenset())


async def test_an_import_goes_on_past_bad_lines(registry: Registry) -> None:
    good = application(offers=[{"nature": "product", "title": "Lastre"}], needs=[], contact={"name": "R", "email": "r@x.example"})
    lines = [json.dumps(good), "{not json", json.dumps(application(kind="guild")), json.dumps(good), "", "x" * 1_000_001]
    answer = await registry.http.post("/v1/members/import", content="\n".join(lines), headers=registry.operator)
    assert answer.headers["content-type"] == "application/x-ndjson"
    results = [json.loads(line) for line in answer.text.splitlines()]
    assert [result["line"] for result in results] == [1, 2, 3, 4, 6]
    assert [results[number]["status"] for number in (1, 2, 4)] == ["invalid"] * 3
    assert {results[0]["status"], results[3]["status"]} == {"created", "exists"}
    assert results[0]["id"] == results[3]["id"]
    assert results[2]["errors"][0]["field"] == "kind"
    assert results[4]["errors"] == [{"field": "line", "rule": "too_long", "message": "at most 1000000 bytes"}]


async def test_an_importer_changes_no_contact_outside_its_districts(registry: Registry) -> None:
    await registry.http.post("/v1/districts", json=DISTRICT | {"id": "fashion"}, headers=registry.operator)
    member = await registry.approved()

    async def contact_after(district: str, email: str) -> object:
        line = json.dumps(application(districts=[district], contact={"name": "R", "email": email}))
        manager = bearer(registry.issuer, "manager", districts=[district])
        result = (await registry.http.post("/v1/members/import", content=line, headers=manager)).json()
        assert (result["status"], result["id"]) == ("exists", member)
        return (await registry.http.get(f"/v1/members/{member}/contact", headers=registry.operator)).json().get("email")

    assert await contact_after("fashion", "outsider@x.example") is None
    assert await contact_after("marble", "manager@x.example") == "manager@x.example"
    assert await contact_after("marble", "later@x.example") == "manager@x.example"


async def test_the_firms_of_a_vat_group_are_members_of_their_own(registry: Registry) -> None:
    group, first, second = "IT12345670017", "97045809999", "00743110157"

    async def imported(*lines: dict[str, str]) -> list[dict[str, Any]]:
        contents = [
            json.dumps(
                application(
                    identifiers=[{"scheme": scheme, "value": value} for scheme, value in identifiers.items()],
                    contact={"name": "R", "email": f"r{number}@x.example"},
                )
            )
            for number, identifiers in enumerate(lines)
        ]
        answer = await registry.http.post("/v1/members/import", content="\n".join(contents), headers=registry.operator)
        return [json.loads(result) for result in answer.text.splitlines()]

    async def address_of(id: str) -> object:
        return (await registry.http.get(f"/v1/members/{id}/contact", headers=registry.operator)).json()["email"]

    firms = [{"vat": group, "fiscal-code": first}, {"vat": group, "fiscal-code": second}]
    created = await imported(*firms)
    assert [result["status"] for result in created] == ["created"] * 2
    ids = [result["id"] for result in created]
    assert [await address_of(id) for id in ids] == ["r0@x.example", "r1@x.example"]
    repeated = await imported(*firms, {"vat": second})
    assert [(result["status"], result["id"]) for result in repeated] == [("exists", id) for id in (*ids, ids[1])]
    refused = await imported({"vat": group}, {"vat": f"IT{second}", "fiscal-code": first})
    assert [(result["status"], result["errors"][0]["rule"]) for result in refused] == [
        ("invalid", "ambiguous"),
        ("invalid", "contradiction"),
    ]
    assert [await address_of(id) for id in ids] == ["r0@x.example", "r1@x.example"]


async def test_a_client_that_stops_sending_is_told_and_loses_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "SILENT_SECONDS", 0.05)
    parts: list[Message] = [{"type": "http.request", "body": b"\n\nhalf a li", "more_body": True}]

    async def receive() -> Message:
        return parts.pop() if parts else await asyncio.get_running_loop().create_future()

    unused = SimpleNamespace(read_only=None, backpressure=None, write=None)
    importer = Importer(cast(Any, unused), ANONYMOUS, set(), "c")
    lines = ndjson.read_lines(Request({"type": "http"}, receive))
    [result] = [json.loads(line) async for line in importer.run(lines)]
    assert (result["line"], result["status"], result["errors"][0]["rule"]) == (3, "failed", "stalled")
