"""Runs in the copy of the project: `python -m tests.system.new_service.probe DIRECTORY TOKEN`, settings in the environment.

Starts the new service behind the gateway, sends it a command, and has every command of operators find it.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2

from distretti.devstack import programs
from distretti.devstack.ports import Ports
from distretti.devstack.supervisor import Supervisor
from distretti.ops.backup.create import back_up
from distretti.ops.services import audit_all, declarations
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.kafka.topics import create_topics
from shared.chassis.mongo import Mongo
from shared.chassis.rebuild.run import rebuild_service
from tests.lib.services import eventually
from tests.system.new_service.skeleton import NAME

SURVEY = {"id": "visits", "title": "Which laboratories would you visit?"}


def begin(_name: str, _steps: int) -> Callable[[int], None]:
    return lambda _done: None


async def probe(directory: Path, token: str) -> None:
    settings = Settings()
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    ports = Ports.choose(programs.service_names())
    own = settings.model_copy(update={"port": ports.services[NAME], "root_path": f"/{NAME}"})
    supervisor = Supervisor(directory / "log", lambda: None, lambda _: None)
    try:
        await supervisor.start(
            programs.service(NAME, ports.services[NAME], own.environment()), programs.gateway(directory / "gateway", ports)
        )
        await serves(f"http://localhost:{ports.gateway}/{NAME}", token)
        await is_operated(settings, directory)
    finally:
        await supervisor.stop()


async def serves(url: str, token: str) -> None:
    """It answers through the gateway, describes itself, and refuses in the language of the request."""
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}", "Accept-Language": "it"}, timeout=20) as http:
        opened = await http.post(f"{url}/v1/surveys", json=SURVEY)
        assert (opened.status_code, opened.json()) == (201, {**SURVEY, "version": 1}), opened.text
        refused = await http.post(f"{url}/v1/surveys", json=SURVEY)
        assert (refused.status_code, "Esiste già un sondaggio" in refused.json()["detail"]) == (409, True), refused.text
        assert "/v1/surveys" in (await http.get(f"{url}/openapi.json")).json()["paths"]
        assert "surveys.surveys" in (await http.get(f"{url}/asyncapi.json")).text


async def is_operated(settings: Settings, directory: Path) -> None:
    """Its projection folds the event; audit, rebuild and backup have it among the services."""
    (declaration,) = [service for service in declarations() if service.name == NAME]
    mongo = Mongo(settings.mongo_url, settings.named(NAME), settings.mongo_timeout)
    try:
        await eventually(lambda: mongo["titles"].find_one({"_id": SURVEY["id"], "title": SURVEY["title"]}), 60)
    finally:
        mongo.close()
    audit = await audit_all(settings)
    assert (audit.aggregates, audit.projections, audit.differences) == (1, 1, []), audit
    (rebuilt,) = await rebuild_service(declaration, settings, declaration.projections, utc_now, begin)
    assert (rebuilt.events, rebuilt.left) == (1, []), rebuilt
    manifest = await back_up(settings, directory / "backup", begin)
    assert (manifest.databases[NAME]["surveys"].documents, manifest.topics["surveys.surveys"].records) == (1, 1)


if __name__ == "__main__":
    asyncio.run(probe(Path(sys.argv[1]), sys.argv[2]))
