"""One member with hundreds of requests under way: questions to the search engine, and long polls.

200 connections ask at once every four seconds; 600 connections wait for a list, and what is refused is asked again after two
seconds. Beside them another member reads, asks, and waits for its own list.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from benchmarks.attacks import side_by_side
from benchmarks.attacks.attacked_system import AttackedSystem, attacked_system
from benchmarks.attacks.bursts import bursts
from benchmarks.attacks.connection import Connection, request
from benchmarks.attacks.ordinary_requests import TEXT, of_matching
from benchmarks.attacks.side_by_side import OrdinaryCaller, running
from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row

QUESTIONS, PAUSE = 200, 4.0
POLLS, RETRY_AFTER = 600, 2.0
STEPS = 2 * side_by_side.STEPS


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Measure hundreds of questions, then hundreds of long polls."""
    async with attacked_system(fixtures, "single-caller") as system:
        bystander, attacker = system.members[:2]
        token = system.token(attacker, member=attacker)
        question = request("POST", "/matching/v1/answers", token, {"text": TEXT})
        attacks = {
            f"{QUESTIONS} questions of one member": partial(bursts, [(system.gateway, question)], QUESTIONS, PAUSE),
            f"{POLLS} long polls of one member": partial(_long_polls, system, attacker, token),
        }
        rows: list[Row] = []
        for name, attack in attacks.items():
            ordinary = OrdinaryCaller(system.gateway, of_matching(system, bystander))
            rows += await side_by_side.side_by_side(name, system, ordinary, attack, ("matching", "gateway"), tick)
    return rows


@asynccontextmanager
async def _long_polls(system: AttackedSystem, member: str, token: str) -> AsyncIterator[None]:
    path = f"/matching/v1/members/{member}/suggestions"
    connection = await Connection.open(system.gateway)
    tag = (await connection.exchange(request("GET", path, token))).headers["etag"]
    connection.close()
    poll = request("GET", f"{path}?wait=55", token, If_None_Match=tag)
    async with running(*(_poll(system.gateway, poll) for _ in range(POLLS))):
        yield


async def _poll(port: int, request: bytes) -> None:
    while True:
        connection = await Connection.open(port)
        try:
            with suppress(OSError, EOFError):
                await connection.exchange(request)
            await asyncio.sleep(RETRY_AFTER)
        finally:
            connection.close()
