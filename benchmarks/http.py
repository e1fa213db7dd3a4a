"""Commands a second over HTTP: the registry's applications, against a bare route that does the same.

Each server is a uvicorn process of its own, both check the token's signature, both validate the same body and read the open
districts. Sixteen connections, each sending when it was answered. The registry runs as in production and relays what it
writes to Kafka meanwhile; the bare route relays nothing.
"""

import itertools
import os
import sys
from datetime import UTC, datetime, timedelta

from benchmarks.fixtures import Ground, Tick, in_turns, steps
from benchmarks.http_client import Connection, hammer
from benchmarks.report import Row, Target
from distretti.devstack import programs
from distretti.devstack.child_process import Program
from distretti.devstack.http_probe import answers
from distretti.devstack.ports import Ports
from distretti.devstack.supervisor import Supervisor
from shared.chassis.config import Settings

ROUNDS, SECONDS, WIDTH = 4, 4, 16
STEPS = steps(2, ROUNDS)
DISTRICT = {"id": "marble", "name": {"it": "Marmo", "en": "Marble"}, "theme": {"it": "Pietre", "en": "Stones"}}


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Let both servers run and send commands to one after the other."""
    settings = await ground.settings("http")
    ports = Ports.choose(("registry", "bare")).services
    supervisor = Supervisor(ground.directory / "log", lambda: None, lambda _: None)
    numbers = itertools.count()
    headers = _bearer(ground, "operator")

    def application() -> tuple[str, object, dict[str, str]]:
        number = next(numbers)
        body = {
            "name": f"Esempio {number} s.r.l.",
            "kind": "sme",
            "identifiers": [{"scheme": "register", "value": f"bench:{os.getpid()}-{number}"}],
            "districts": ["marble"],
            "place": {"country": "IT", "nuts3": "ITI11", "city": "Carrara"},
            "profile": {"summary": "Taglio di precisione e recupero degli sfridi.", "topics": ["smart-factory/robotics"]},
        }
        return "/v1/members", body, {**headers, "Idempotency-Key": f"key-{number}"}

    async def ours(_name: str) -> float:
        return await hammer(ports["registry"], WIDTH, SECONDS, application)

    async def bare(_name: str) -> float:
        return await hammer(ports["bare"], WIDTH, SECONDS, application)

    try:
        await supervisor.start(
            programs.service("registry", ports["registry"], _environment(settings, ports["registry"])),
            _bare(ports["bare"], _environment(settings, ports["bare"])),
        )
        for port in ports.values():
            connection = await Connection.open(port)
            status, _ = await connection.post("/v1/districts", DISTRICT, headers)
            assert status == 201
            connection.close()
        measured = await in_turns({"ours": ours, "bare": bare}, ROUNDS, tick)
    finally:
        await supervisor.stop()
    return [Row("HTTP", "commands/s", measured["ours"], "bare route", measured["bare"], Target("at least", 0.7))]


def _environment(settings: Settings, port: int) -> dict[str, str]:
    return settings.model_copy(update={"port": port}).environment()


def _bare(port: int, environment: dict[str, str]) -> Program:
    command = (sys.executable, "-m", "benchmarks.baselines.http")
    return Program("bare", command, answers(port, "/health/ready"), env=environment)


def _bearer(ground: Ground, role: str) -> dict[str, str]:
    token = ground.issuer.token(subject="bench", roles=[role], now=datetime.now(UTC), lifetime=timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}
