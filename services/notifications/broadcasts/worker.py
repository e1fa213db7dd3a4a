"""The broadcaster: enters the messages of broadcasts page by page, each page once."""

from contextlib import suppress

from services.notifications.broadcasts.ledger import BROADCASTS, Broadcast, message_to
from services.notifications.mail.worker import Mailer
from services.notifications.messages.ledger import enter
from services.notifications.projections import MEMBERS
from shared.chassis.documents import parse_entry
from shared.chassis.mongo import ASCENDING, Session, retrying
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.lease import Lease
from shared.chassis.workers.polling_worker import PollingWorker

PAGE = 200
"""Members on a page: their messages are entered in one transaction."""
POLL_SECONDS = 2.0


class _PageTaken(Exception):
    """Another replica entered this page."""


class Broadcaster(PollingWorker):
    """One replica at a time works, by a lease; `after` keeps two from entering the same page."""

    def __init__(self, runtime: Runtime) -> None:
        lease = Lease(runtime.mongo, "broadcaster", runtime.clock)
        super().__init__(self.round, name="broadcaster", interval=POLL_SECONDS, lease=lease)
        self._runtime = runtime
        self._mongo = runtime.mongo

    async def round(self) -> bool:
        """Enter the messages of one page; return whether there was a broadcast to work on."""
        document = await self._mongo[BROADCASTS].find_one({"done": False}, sort=[("created", ASCENDING)])
        if document is None:
            return False
        with suppress(_PageTaken):
            await self._enter_page(parse_entry(Broadcast, document))
        self._runtime.wake(Mailer)
        return True

    async def _enter_page(self, broadcast: Broadcast) -> None:
        recipients = {
            "status": "approved",
            "districts": {"$in": list(broadcast.districts)},
            "approved": {"$lte": broadcast.created},
            "_id": {"$gt": broadcast.after},
        }
        page = await self._mongo[MEMBERS.collection].find(recipients).sort("_id", ASCENDING).limit(PAGE).to_list(None)
        historical_after = self._runtime.settings.historical_after
        messages = [
            message_to(document["_id"], MEMBERS.read(document), broadcast, broadcast.entered, historical_after) for document in page
        ]
        progress = {"after": page[-1]["_id"]} if page else {"done": True}

        async def enter_page(session: Session) -> None:
            as_read = {"_id": broadcast.id, "after": broadcast.after, "done": False}
            result = await self._mongo[BROADCASTS].update_one(as_read, {"$set": progress}, session=session)
            if not result.matched_count:
                raise _PageTaken
            await enter(self._mongo, messages, session)

        await retrying(lambda: self._mongo.transact(enter_page))
