"""`python -m benchmarks.latency_endpoints send|receive system|kafka RUN SECONDS FILE`, with settings from the environment.

Sends or receives for so many seconds at each rate, and writes to FILE when each event was committed or visible: {id: seconds}.
The clock is the machine's monotonic one, which all processes share. It prints "ready" once it has started.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
import uvloop

from benchmarks.latency_endpoints import plain_kafka, system
from shared.chassis.config import Settings

TIMEOUT_SECONDS = 60
Endpoint = Callable[[Settings, str, int], Awaitable[dict[str, float]]]
ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("send", "system"): system.send,
    ("receive", "system"): system.receive,
    ("send", "kafka"): plain_kafka.send,
    ("receive", "kafka"): plain_kafka.receive,
}


async def run(endpoint: Endpoint, run: str, seconds: int) -> dict[str, float]:
    """Run an endpoint until all events have passed; return the time of each."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        return await endpoint(Settings(), run, seconds)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    _, endpoint, path, name, seconds, file = sys.argv
    Path(file).write_text(json.dumps(uvloop.run(run(ENDPOINTS[endpoint, path], name, int(seconds)))))
