"""Run the ranker: `python -m services.matching.shortlist PARENT`."""

import asyncio
import signal
import sys

from services.matching.shortlist.worker import Ranker
from shared.chassis.clock import utc_now
from shared.chassis.config import read_settings
from shared.chassis.logging import configure_logs
from shared.chassis.mongo import Mongo
from shared.chassis.workers.child_process import die_with
from shared.chassis.workers.lease import Lease


async def main() -> None:
    """Run until SIGTERM, or until the service that started it ends."""
    settings = read_settings()
    configure_logs("matching.ranker", settings.log_level)
    mongo = Mongo(settings.mongo_url, settings.named("matching"), settings.mongo_timeout)
    ranker = Ranker(mongo, Lease(mongo, "ranker", utc_now), utc_now)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ranker.request_stop)
    await ranker.run()
    await ranker.stop()


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    asyncio.run(main())
