"""Matching as a process of its own: small, and quick to stop while requests wait and its children work."""

import asyncio
import os
import signal
import sys

import httpx2
import psutil

from distretti.devstack.ports import Ports
from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from shared.chassis.kafka.topics import create_topics
from shared.chassis.mongo import Mongo
from tests.lib.services import bearer, eventually
from tests.matching.factories import put_member
from tests.matching.search.client import answered

OFFER = {"nature": "technology", "title": "Laser cutting of marble slabs", "language": "en"}
MOST_MEMORY = 120_000_000


async def test_it_stays_small_and_stops_at_once_while_somebody_waits(settings: Settings, issuer: Issuer) -> None:
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    own = settings.model_copy(update={"port": Ports.choose(("matching",)).services["matching"]})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.matching", env={**os.environ, **own.environment()}
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{own.port}", timeout=60) as http:

            async def ready() -> bool:
                assert process.returncode is None, "it ended instead of getting ready"
                try:
                    return (await http.get("/health/ready")).status_code == 200
                except httpx2.TransportError:
                    return False

            await eventually(ready, 60)
            mongo = Mongo(own.mongo_url, own.named("matching"), own.mongo_timeout)
            await put_member(mongo, "anna")
            await put_member(mongo, "bruno", offers={"o": OFFER})
            mongo.close()
            await answered(http, {"text": "Taglio laser di lastre di marmo"}, bearer(issuer, "operator"), {"bruno"})
            children = psutil.Process(process.pid).children()
            assert len(children) == 2, "one ranks, one answers"
            assert psutil.Process(process.pid).memory_info().rss < MOST_MEMORY

            own_headers, path = bearer(issuer, "member", "anna"), "/v1/members/anna/suggestions"

            async def poll() -> httpx2.Response:
                response = await http.get(path, headers=own_headers)
                while response.status_code == 200:  # the first rebuild may still write the list
                    if_none_match = {"If-None-Match": response.headers["etag"]}
                    response = await http.get(f"{path}?wait=50", headers=own_headers | if_none_match)
                return response

            waiting = asyncio.create_task(poll())

            async def waits() -> bool:
                return "distretti_http_waiting 1.0" in (await http.get("/metrics")).text

            await eventually(waits)
            process.send_signal(signal.SIGTERM)
            answer = await asyncio.wait_for(waiting, 10)
            assert (answer.status_code, answer.headers["connection"]) == (304, "close")
            assert await asyncio.wait_for(process.wait(), 20) == 0
            assert not any(child.is_running() for child in children)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
