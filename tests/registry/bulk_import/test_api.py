"""The bulk import: a result for each line, in order."""

import asyncio
import json
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from starlette.requests import Request
from starlette.types import Message

from services.registry.bulk_import import ndjson
from services.registry.bulk_import.importer import Importer
from shared.chassis.http.auth import Principal
from tests.lib.services import bearer, eventually
from tests.lib.streamed_import import streamed_import
from tests.registry.conftest import Registry
from tests.registry.factories import DISTRICT, application

ANONYMOUS = Principal("test", frozenset(), None, frozenset())


async def test_an_import_goes_on_past_bad_lines(registry: Registry) -> None:
    good = application(offers=[{"nature": "product", "title": "Lastre"}], needs=[], contact={"name": "R", "email": "r@x.example"})
    lines = [json.dumps(good), "{not json", json.dumps(application(kind="guild")), json.dumps(good), "", "x" * 1_000_001]
    answer = await registry.http.post("/v1/members/import", content="\n".join(lines), headers=registry.operator)
    assert answer.headers["content-type"] == "application/x-ndjson"
    *results, summary = [json.loads(line) for line in answer.text.splitlines()]
    assert summary == {"status": "complete", "lines": 5, "created": 1, "exists": 1, "invalid": 3, "failed": 0}
    assert [result["line"] for result in results] == [1, 2, 3, 4, 6]
    assert [results[number]["status"] for number in (1, 2, 4)] == ["invalid"] * 3
    assert {results[0]["status"], results[3]["status"]} == {"created", "exists"}
    assert results[0]["id"] == results[3]["id"]
    assert results[2]["errors"][0]["field"] == "kind"
    member = (await registry.http.get(f"/v1/members/{results[0]['id']}", headers=registry.operator)).json()
    assert [UUID(offer).version for offer in member["offers"]] == [7], "a number would tell of those that are hidden"
    assert results[4]["errors"] == [{"field": "line", "rule": "too_long", "message": "at most 1000000 bytes"}]


async def test_a_byte_order_mark_before_a_line_and_blanks_around_an_address_refuse_no_line(registry: Registry) -> None:
    marked, bare = (
        application(identifiers=[{"scheme": "name", "value": f"IT:{name}"}], contact={"name": "R", "email": f"{name}@x.example "})
        for name in ("uno", "due")
    )
    wrong = json.dumps(application(contact={"name": "R", "email": "r @x.example"}))
    lines = "\n".join(f"\ufeff{line}" for line in (json.dumps(marked), json.dumps(bare), wrong))
    answer = await registry.http.post("/v1/members/import", content=lines, headers=registry.operator)
    *created, refused, _ = [json.loads(line) for line in answer.text.splitlines()]
    assert refused["errors"] == [{"field": "contact.email", "rule": "address_letters", "message": refused["errors"][0]["message"]}]
    for name, result in zip(("uno", "due"), created, strict=True):
        contact = await registry.http.get(f"/v1/members/{result['id']}/contact", headers=registry.operator)
        assert (result["status"], contact.json()["email"]) == ("created", f"{name}@x.example")


async def test_an_importer_changes_no_contact_outside_its_districts(registry: Registry) -> None:
    await registry.http.post("/v1/districts", json=DISTRICT | {"id": "fashion"}, headers=registry.operator)
    member = await registry.approved()

    async def contact_after(district: str, email: str) -> object:
        line = json.dumps(application(districts=[district], contact={"name": "R", "email": email}))
        manager = bearer(registry.issuer, "manager", districts=[district])
        answer = await registry.http.post("/v1/members/import", content=line, headers=manager)
        result = json.loads(answer.text.splitlines()[0])
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
        return [json.loads(result) for result in answer.text.splitlines()][:-1]

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


async def test_results_come_while_lines_are_sent_and_the_last_line_is_the_summary(registry: Registry) -> None:
    async with asyncio.timeout(20), streamed_import(str(registry.http.base_url), registry.operator) as importing:
        for number in range(3):
            await importing.send(b"{}\n")
            assert (await importing.result())["line"] == number + 1
        await importing.send(b"")
        assert (await importing.result())["status"] == "complete"
        assert await importing.result() is None


async def test_a_client_that_leaves_is_a_line_in_the_log(
    registry: Registry, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with streamed_import(str(registry.http.base_url), registry.operator) as importing:
        await importing.send(b"{}\n{")
        assert (await importing.result())["status"] == "invalid"
    written: list[str] = []

    async def logged() -> bool:
        written.extend(capsys.readouterr().out.splitlines())
        return any("import_ended_early" in line and "client_left" in line for line in written)

    await eventually(logged)
    assert not any("Traceback" in line for line in written)
    assert not caplog.records


async def test_an_import_of_nothing_is_whole(registry: Registry) -> None:
    answer = await registry.http.post("/v1/members/import", content=b"\n \n", headers=registry.operator)
    assert answer.json() == {"status": "complete", "lines": 0, "created": 0, "exists": 0, "invalid": 0, "failed": 0}


async def test_idle_imports_hold_up_no_other(registry: Registry) -> None:
    async with AsyncExitStack() as idle:
        base, manager = str(registry.http.base_url), bearer(registry.issuer, "manager", districts=["marble"])
        for _ in range(16):
            importing = await idle.enter_async_context(streamed_import(base, manager))
            await importing.send(b"{}\n")
            assert (await importing.result())["status"] == "invalid"
        over = await registry.http.post("/v1/members/import", content=b"{}", headers=manager)
        assert (over.status_code, over.headers["retry-after"]) == (429, "2")
        answer = await registry.http.post("/v1/members/import", content=b"{}\n" * 100, headers=registry.operator)
        assert json.loads(answer.text.splitlines()[-1])["lines"] == 100


async def test_a_client_that_stops_sending_is_told_and_loses_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "SILENT_SECONDS", 0.05)
    parts: list[Message] = [{"type": "http.request", "body": b"\n\nhalf a li", "more_body": True}]

    async def receive() -> Message:
        return parts.pop() if parts else await asyncio.get_running_loop().create_future()

    unused = SimpleNamespace(read_only=None, backpressure=None, write=None, import_lines=None)
    importer = Importer(cast(Any, unused), ANONYMOUS, set(), "c")
    lines = ndjson.read_lines(Request({"type": "http"}, receive))
    [result] = [json.loads(line) async for line in importer.run(lines)]
    assert (result["line"], result["status"], result["errors"][0]["rule"]) == (3, "failed", "stalled")
