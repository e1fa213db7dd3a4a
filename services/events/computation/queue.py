"""The ledger of agenda computations: one entry an event, with a lease so that one killed half-way is taken up again."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.chassis.documents import parse, to_document
from shared.chassis.errors import NotFound, Refusal
from shared.chassis.mongo import ASCENDING, DESCENDING, Document, Index, Mongo, Session, duplicate_as
from shared.contracts.base import LocalizedText

Status = Literal["queued", "running", "published", "failed", "cancelled"]
UNDER_WAY = ["queued", "running"]
COMPUTATIONS = "computations"
INDEXES: dict[str, list[Index]] = {COMPUTATIONS: [([("status", ASCENDING), ("asked", ASCENDING)], {})]}
LEASE = timedelta(seconds=6)
MOST_STARTS = 5


class LeaseLost(Exception):
    """Another worker has taken the computation over: what this one found must not be written."""


class _UnderWay(Exception):
    pass


@dataclass(frozen=True)
class Computation:
    """A computation this worker holds; `holder` is new each time one is taken."""

    event: str
    holder: str
    time_limit: float
    correlation: str
    starts: int
    repair: bool = False
    minimise_gaps: bool = False


@dataclass(frozen=True)
class Best:
    """The best schedule so far: how many meetings have a place, and the breaks of all participants."""

    placed: int
    breaks: int


@dataclass(frozen=True)
class LastComputation:
    """The state of the last computation of an event's agenda."""

    event_id: str
    status: Status
    time_limit: float
    asked: datetime
    starts: int
    best: Best | None
    stop_requested: bool
    finished: datetime | None
    reason: LocalizedText | None
    agenda_version: int | None


def due(_now: datetime) -> Mapping[str, Document]:
    """Say what computations the workers of this service have to do now."""
    return {COMPUTATIONS: {"status": {"$in": UNDER_WAY}}}


class Computations:
    """The ledger. Times come from `clock`."""

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self._collection = mongo[COMPUTATIONS]
        self._clock = clock

    async def ask(
        self,
        event: str,
        time_limit: float,
        correlation: str,
        repair: bool = False,
        minimise_gaps: bool = False,
    ) -> None:
        """Queue the computation of an event's agenda, or its `repair`; one that is under way already is left as it is.

        `minimise_gaps`: an objective after breaks, see SolverOptions.
        """
        entry: Document = {
            "status": "queued",
            "time_limit": time_limit,
            "correlation": correlation,
            "repair": repair,
            "minimise_gaps": minimise_gaps,
            "best": None,
            "stop_requested": False,
            "asked": self._clock(),
            "starts": 0,
            "holder": None,
            "until": None,
            "finished": None,
            "reason": None,
            "agenda_version": None,
        }
        try:
            with duplicate_as(_UnderWay):
                resting = {"_id": event, "status": {"$nin": UNDER_WAY}}
                await self._collection.update_one(resting, {"$set": entry}, upsert=True)
        except _UnderWay:
            return

    async def take(self, repairs_only: bool = False) -> Computation | None:
        """Take one that is queued, or whose lease has expired: repairs first, then the oldest. None where there is none."""
        now = self._clock()
        holder = secrets.token_hex(16)
        free = {"$or": [{"status": "queued"}, {"status": "running", "until": {"$lt": now}}]}
        document = await self._collection.find_one_and_update(
            {**free, "repair": True} if repairs_only else free,
            {"$set": {"status": "running", "holder": holder, "until": now + LEASE}, "$inc": {"starts": 1}},
            sort=[("repair", DESCENDING), ("asked", ASCENDING)],
            return_document=True,
        )
        return None if document is None else parse(Computation, document | {"event": document["_id"]})

    async def renew(self, held: Computation, best: Best | None) -> bool:
        """Renew the lease and record the `best` schedule so far; return whether a stop was requested. Raises LeaseLost."""
        change = {"$set": {"until": self._clock() + LEASE, "best": best and to_document(best)}}
        document = await self._collection.find_one_and_update(_held(held), change, return_document=True)
        if document is None:
            raise LeaseLost
        return bool(document["stop_requested"])

    async def cancel(self, event: str) -> None:
        """End it, so that nothing is published. Raises NotFound, and Refusal where it has ended already."""
        change = {"status": "cancelled", "holder": None, "until": None, "finished": self._clock()}
        await self._change(event, change)

    async def stop_searching(self, event: str) -> None:
        """Stop the search at its best schedule so far, or at the first one found.

        Raises NotFound, and Refusal where it has ended already.
        """
        await self._change(event, {"stop_requested": True})

    async def _change(self, event: str, change: Document) -> None:
        under_way = {"_id": event, "status": {"$in": UNDER_WAY}}
        if not (await self._collection.update_one(under_way, {"$set": change})).matched_count:
            raise Refusal("computation-ended", status=(await self.read(event)).status)

    async def put_back(self, held: Computation) -> None:
        """Give it back unfinished, so that it is taken up at once and not after its lease; that start does not count."""
        change = {"$set": {"status": "queued", "holder": None, "until": None}, "$inc": {"starts": -1}}
        await self._collection.update_one(_held(held), change)

    async def publish(self, held: Computation, agenda_version: int, session: Session) -> None:
        """Note, in the transaction that publishes the agenda, that this is done. Raises LeaseLost."""
        await self._finish(held, {"status": "published", "agenda_version": agenda_version}, session)

    async def fail(self, held: Computation, reason: LocalizedText) -> None:
        """Note why there is no new agenda. Raises LeaseLost."""
        await self._finish(held, {"status": "failed", "reason": reason.model_dump()})

    async def _finish(self, held: Computation, outcome: Document, session: Session | None = None) -> None:
        change = {"$set": {**outcome, "holder": None, "until": None, "finished": self._clock()}}
        if not (await self._collection.update_one(_held(held), change, session=session)).matched_count:
            raise LeaseLost

    async def read(self, event: str) -> LastComputation:
        """Read the last computation of an event's agenda. Raises NotFound."""
        document = await self._collection.find_one({"_id": event})
        if document is None:
            raise NotFound("computation-unknown")
        return parse(LastComputation, document | {"event_id": event})


def _held(held: Computation) -> Document:
    return {"_id": held.event, "status": "running", "holder": held.holder}
