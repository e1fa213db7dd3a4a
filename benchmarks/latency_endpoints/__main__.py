"""`python -m benchmarks.latency_endpoints speak|hear house|bare RUN SECONDS FILE`, with a service's settings in the environment.

Sends or hears for so many seconds at each rate, and writes to FILE when each event was committed or seen: {id: seconds}. The
clock is the machine's monotonic one, which all processes share. "ready" on standard output says that it has begun.
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

MOST_SECONDS = 60
Ends = dict[str, Callable[[Settings, str, int], Awaitable[dict[str, float]]]]


async def run(end: str, way: str, run: str, seconds: int) -> dict[str, float]:
    """Be one end until everything has passed; return when each event did."""
    ends: Ends = (
        {"speak": system.speak, "hear": system.hear} if way == "house" else {"speak": plain_kafka.speak, "hear": plain_kafka.hear}
    )
    async with asyncio.timeout(MOST_SECONDS):
        return await ends[end](Settings(), run, seconds)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    _, end, way, name, seconds, file = sys.argv
    Path(file).write_text(json.dumps(uvloop.run(run(end, way, name, int(seconds)))))
