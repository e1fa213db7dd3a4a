"""The search engine: `python -m services.matching.search.engine PARENT SOCKET`. Run by the service as a child."""

import asyncio
import signal
import sys

from services.matching.search.engine.server import EngineServer
from shared.chassis.clock import utc_now
from shared.chassis.config import read_settings
from shared.chassis.logging import configure_logs
from shared.chassis.mongo import Mongo
from shared.chassis.workers.child_process import die_with


async def main(socket: str) -> None:
    """Serve until SIGTERM, or until the service that started it ends."""
    settings = read_settings()
    configure_logs("matching.answering", settings.log_level)
    mongo = Mongo(settings.mongo_url, settings.named("matching"), settings.mongo_timeout)
    server = EngineServer(mongo, utc_now)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stopping.set)
    await server.run(socket)


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    asyncio.run(main(sys.argv[2]))
