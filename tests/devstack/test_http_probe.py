"""A process is ready when its path answers 200, and not ready whatever else it does."""

import asyncio
import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from distretti.devstack.http_probe import answers
from distretti.devstack.ports import HOST
from tests.lib.services import listening


async def status(request: Request) -> Response:
    return Response(status_code=int(request.path_params["status"]))


@pytest.mark.parametrize(("path", "ready"), [("/200", True), ("/204", False), ("/503", False), ("/302", False)])
async def test_only_200_is_ready(path: str, ready: bool) -> None:
    async with listening(Starlette(routes=[Route("/{status}", status)])) as base:
        assert await answers(int(base.rpartition(":")[2]), path)() is ready


async def test_what_does_not_listen_or_speaks_no_http_is_not_ready() -> None:
    with socket.socket() as unused:
        unused.bind((HOST, 0))
        assert not await answers(unused.getsockname()[1], "/")()

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail ready\r\n")
        writer.close()

    async with await asyncio.start_server(greet, HOST, 0) as server:
        assert not await answers(server.sockets[0].getsockname()[1], "/")()
