"""A body is read for a valid token and role alone, within its length and its time, and holds up nothing while it is incomplete."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import APIRouter
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.errors import TooLarge, TooSlow
from shared.chassis.http.request_bodies import BodyReader, DeclaredBodies, RequestBody, replayed, request_body
from tests.lib.services import bearer, serving
from tests.lib.unfinished import status_of, unfinished
from tests.registry.factories import DISTRICT, application


def receiving(*parts: bytes, ends: bool = True) -> Receive:
    """Receive these parts of a body; without an end, wait for ever."""
    messages: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if ends:
        messages.append({"type": "http.request", "body": b"", "more_body": False})
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting, None) or await asyncio.get_running_loop().create_future()

    return receive


def reader(**changes: object) -> BodyReader:
    return BodyReader(Settings().model_copy(update={"body_bytes": 10, "body_seconds": 0.05, **changes}))


async def read(receive: Receive, body: RequestBody = RequestBody(), announced: int | None = None) -> bytes:
    headers = [] if announced is None else [(b"content-length", str(announced).encode())]
    return await reader().read({"type": "http", "headers": headers}, receive, body, "ann")


async def test_a_body_is_read_whole_within_the_length_its_route_declares() -> None:
    assert await read(receiving(b"12345", b"67890")) == b"1234567890"
    assert await read(receiving(b"12345", b"678901"), RequestBody(limit=11)) == b"12345678901"
    with pytest.raises(TooLarge):
        await read(receiving(b"12345", b"678901", ends=False))


async def test_a_body_announced_as_too_long_is_not_read() -> None:
    with pytest.raises(TooLarge):
        await read(receiving(ends=False), announced=11)


async def test_a_body_that_does_not_end_in_time_is_refused() -> None:
    with pytest.raises(TooSlow):
        await read(receiving(b"1", ends=False), announced=2)


async def test_a_client_that_left_is_nobody_to_be_answered() -> None:
    async def left() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnect):
        await read(left)


async def test_what_was_read_is_received_once_and_then_what_comes_after() -> None:
    receive = replayed(b"body", receiving())
    assert [(await receive())["body"] for _ in range(2)] == [b"body", b""]


def test_a_route_is_known_by_its_whole_path_and_method() -> None:
    router = APIRouter()

    @router.post("/{id}/parts")
    @request_body(limit=7)
    async def declared(id: str) -> str:
        return id

    outer = APIRouter()
    outer.include_router(router, prefix="/v1/wholes")
    bodies = DeclaredBodies(outer.routes)
    assert bodies.of("POST", "/v1/wholes/a/parts").limit == 7
    for method, path in [("PUT", "/v1/wholes/a/parts"), ("POST", "/v1/wholes/a/parts/b"), ("POST", "/v1/wholes/parts")]:
        assert bodies.of(method, path) == RequestBody()


@dataclass(frozen=True)
class Service:
    """A running registry of few places, with an ordinary command that must go on."""

    base: str
    http: httpx2.AsyncClient
    issuer: Issuer

    async def assert_serving(self) -> None:
        """Apply for membership ten times."""
        answers = [
            await self.http.post("/v1/members", json=application(), headers=bearer(self.issuer, "operator")) for _ in range(10)
        ]
        assert {answer.status_code for answer in answers} <= {201, 409}


@pytest.fixture
async def service(settings: Settings, issuer: Issuer) -> AsyncIterator[Service]:
    limits = {"requests_at_once": 4, "requests_waiting": 0, "body_seconds": 2, "bodies_at_once": 80}
    async with serving(SERVICE, settings.model_copy(update=limits)) as (_, http):
        await http.post("/v1/districts", json=DISTRICT, headers=bearer(issuer, "operator"))
        yield Service(str(http.base_url), http, issuer)


@pytest.mark.parametrize("path", ["/v1/members", "/v1/members/import", "/v1/districts"])
async def test_without_a_token_no_body_is_waited_for(service: Service, path: str) -> None:
    async with unfinished(service.base, path, {}, 40) as connections:
        assert {await status_of(connection) for connection in connections} == {401}
        await service.assert_serving()


@pytest.mark.parametrize("path", ["/v1/members/import", "/v1/districts"])
async def test_without_the_role_no_body_is_waited_for(service: Service, path: str) -> None:
    async with unfinished(service.base, path, bearer(service.issuer, "member"), 40) as connections:
        assert {await status_of(connection) for connection in connections} == {403}
        await service.assert_serving()


async def test_unfinished_bodies_of_one_subject_hold_up_nobody_and_end_in_time(service: Service) -> None:
    async with unfinished(service.base, "/v1/members", bearer(service.issuer, "member"), 40) as connections:
        await service.assert_serving()
        statuses = [await status_of(connection) for connection in connections]
        assert sorted(set(statuses)) == [408, 429]
        assert statuses.count(408) == 20, "a quarter of the places"
        assert b"connection: close" in (await connections[statuses.index(408)][0].read()).lower()


@pytest.mark.parametrize("path", ["/v1/members", "/v1/members/import"])
async def test_a_body_that_is_encoded_is_refused_before_it_is_read(service: Service, path: str) -> None:
    async def status(encoding: str) -> int:
        headers = bearer(service.issuer, "operator") | {"Content-Type": "application/json", "Content-Encoding": encoding}
        return (await service.http.post(path, content=json.dumps(application()), headers=headers)).status_code

    assert [await status(encoding) for encoding in ("gzip", "identity, gzip", "BR", "x")] == [415] * 4
    assert await status("identity") in (200, 201)
    encoded = bearer(service.issuer, "operator") | {"Content-Encoding": "gzip"}
    async with unfinished(service.base, path, encoded, 4) as connections:
        assert {await status_of(connection) for connection in connections} == {415}


async def test_many_wrong_elements_are_answered_soon_and_shortly(service: Service) -> None:
    operator = bearer(service.issuer, "operator")
    for body in (application(districts=[0] * 20_000), application(**{f"field{number}": 0 for number in range(3000)})):
        content = json.dumps(body, separators=(",", ":"))
        answer = await service.http.post("/v1/members", content=content, headers=operator | {"Content-Type": "application/json"})
        assert answer.status_code == 422
        assert len(answer.content) < 100_000
        assert len(answer.json()["errors"]) <= 100
    assert answer.json()["more_errors"] == 2900
    await service.assert_serving()
