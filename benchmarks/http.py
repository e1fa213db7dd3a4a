"""Commands per second over HTTP: the registry's applications, against a plain route that does the same.

Each server is a uvicorn process of its own. Both check the token, validate the same body and read the open districts; the
registry verifies the signature of a token that is sent again only once. Sixteen connections, each sending its next request after
an answer. The registry runs as in production and relays its events to Kafka meanwhile; the plain route relays nothing.
"""

import itertools
import os
import sys
from datetime import UTC, datetime, timedelta

from benchmarks.fixtures import Fixtures, Tick, interleaved, steps
from benchmarks.http_client import Connection, load
from benchmarks.report import Row, Target
from distretti.devstack import programs
from distretti.devstack.child_process import Program
from distretti.devstack.http_probe import answers
from distretti.devstack.ports import Ports
from distretti.devstack.supervisor import Supervisor
from shared.chassis.config import Settings

ROUNDS, SECONDS, CONNECTIONS = 4, 4, 16
STEPS = steps(2, ROUNDS)
DISTRICT = {"id": "marble", "name": {"it": "Marmo", "en": "Marble"}, "theme": {"it": "Pietre", "en": "Stones"}}


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Run both servers and send commands to them alternately."""
    settings = await fixtures.settings("http")
    ports = Ports.choose(("registry", "plain")).services
    supervisor = Supervisor(fixtures.directory / "log", lambda: None, lambda _: None)
    numbers = itertools.count()
    headers = _bearer(fixtures, "operator")

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

    async def registry(_name: str) -> float:
        return await load(ports["registry"], CONNECTIONS, SECONDS, application)

    async def plain(_name: str) -> float:
        return await load(ports["plain"], CONNECTIONS, SECONDS, application)

    try:
        await supervisor.start(
            programs.service("registry", ports["registry"], _environment(settings, ports["registry"])),
            _plain_route(ports["plain"], _environment(settings, ports["plain"])),
        )
        for port in ports.values():
            connection = await Connection.open(port)
            status, _ = await connection.post("/v1/districts", DISTRICT, headers)
            assert status == 201
            connection.close()
        measured = await interleaved({"registry": registry, "plain": plain}, ROUNDS, tick)
    finally:
        await supervisor.stop()
    return [Row("HTTP", "commands/s", measured["registry"], "plain route", measured["plain"], Target("at least", 0.7))]


def _environment(settings: Settings, port: int) -> dict[str, str]:
    return settings.model_copy(update={"port": port}).environment()


def _plain_route(port: int, environment: dict[str, str]) -> Program:
    command = (sys.executable, "-m", "benchmarks.baselines.http")
    return Program("plain", command, answers(port, "/health/ready"), env=environment)


def _bearer(fixtures: Fixtures, role: str) -> dict[str, str]:
    token = fixtures.issuer.token(subject="bench", roles=[role], now=datetime.now(UTC), lifetime=timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}
