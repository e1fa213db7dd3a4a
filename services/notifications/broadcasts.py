"""What all members of some districts are told: a ledger of what is to be told, and the worker that makes messages of it.

There may be many thousands of them: their messages are entered page by page, each page once.

Told is whoever was approved before the event, in whatever order the two are heard. Who is known as approved when a broadcast is
entered is on one of its pages; who becomes known later meets the broadcast when its approval is heard (`missed`), which waits
until the approval is known. A message that both enter has one id.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from services.notifications import message_queue
from services.notifications.mail_worker import Mailer
from services.notifications.notices.context import Facts, Notice
from services.notifications.projections import MEMBERS
from shared.chassis.ids import computed_id
from shared.chassis.mongo import ASCENDING, Document, Mongo, Session, retrying
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.lease import Lease
from shared.chassis.workers.polling_worker import PollingWorker
from shared.contracts.envelope import Envelope

BROADCASTS = message_queue.BROADCASTS
PAGE = 200
POLL = 2.0


def broadcast(template: str, districts: list[str], facts: Facts, cause: Envelope, now: datetime) -> Document:
    """Make the entry of one broadcast. `after` is the last member that has its message."""
    return {
        "_id": computed_id("broadcast", cause.id),
        "template": template,
        "districts": districts,
        "facts": facts,
        "cause": cause.id,
        "correlation": cause.correlation,
        "created": cause.time,
        "entered": now,
        "after": "",
        "done": False,
    }


def is_history(cause: Envelope, now: datetime, historical_after: float) -> bool:
    """Tell whether it is too late to tell everybody: whoever is a member now may not have been one then."""
    return now - cause.time > timedelta(seconds=historical_after)


def message(found: Document, member: Document, heard: datetime, historical_after: float) -> Document:
    """Make one member's message of a broadcast that was `heard` at this time: that alone decides whether it is history."""
    origin = message_queue.Origin(found["cause"], found["correlation"], found["created"])
    notice = Notice(found["template"], member["_id"], {"name": member["name"], **found["facts"]})
    return message_queue.entry(notice, origin, heard, historical_after)


async def missed(mongo: Mongo, member: Document, time: datetime, now: datetime, historical_after: float) -> list[Document]:
    """Make the messages of the broadcasts that were about a later time than this member's approval, and came before it."""
    if member["status"] != "approved":
        return []
    since = {"created": {"$gte": time}, "districts": {"$in": member["districts"]}}
    return [
        message(found, member, now if is_late(found, now, historical_after) else _entered(found), historical_after)
        async for found in mongo[BROADCASTS].find(since)
    ]


def is_late(found: Document, now: datetime, historical_after: float) -> bool:
    """Tell whether a broadcast was entered so long ago that who is told of it only now is not mailed."""
    return now - _entered(found) > timedelta(seconds=historical_after)


def _entered(found: Document) -> datetime:
    entered: datetime = found["entered"] if "entered" in found else found["created"]
    return entered


class _Taken(Exception):
    pass


class Broadcaster(PollingWorker):
    """One replica at a time, by a lease; `after` keeps two from entering the same page."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(self.round, name="broadcaster", interval=POLL, lease=Lease(runtime.mongo, "broadcaster", runtime.clock))
        self._runtime = runtime
        self._mongo = runtime.mongo

    async def round(self) -> bool:
        """Enter the messages of one page; tell whether there was anything to do."""
        found = await self._mongo[BROADCASTS].find_one({"done": False}, sort=[("created", ASCENDING)])
        if found is None:
            return False
        there = {
            "status": "approved",
            "districts": {"$in": found["districts"]},
            # Not known of documents that were folded before this was kept: they are of members of long ago.
            "approved": {"$not": {"$gt": found["created"]}},
            "_id": {"$gt": found["after"]},
        }
        members = await self._mongo[MEMBERS.collection].find(there).sort("_id", ASCENDING).limit(PAGE).to_list(None)
        messages = [message(found, one, _entered(found), self._runtime.settings.historical_after) for one in members]
        change = {"after": members[-1]["_id"]} if members else {"done": True}

        async def body(session: Session) -> None:
            mine = {"_id": found["_id"], "after": found["after"], "done": False}
            if not (await self._mongo[BROADCASTS].update_one(mine, {"$set": change}, session=session)).matched_count:
                raise _Taken
            await message_queue.enter(self._mongo, messages, session)

        with suppress(_Taken):  # another replica was quicker
            await retrying(lambda: self._mongo.transact(body))
        self._runtime.wake(Mailer)
        return True
