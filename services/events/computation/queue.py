"""The queue of agenda computations: a ledger with one entry an event, and a lease by which a killed worker's is taken up."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.chassis.documents import parse
from shared.chassis.errors import NotFound, Refusal
from shared.chassis.mongo import ASCENDING, DESCENDING, Document, Index, Mongo, Session, duplicate_as
from shared.contracts.base import LocalizedText

Status = Literal["queued", "running", "published", "failed", "cancelled"]
UNDER_WAY = ("queued", "running")
COMPUTATIONS = "computations"
INDEXES: dict[str, list[Index]] = {COMPUTATIONS: [([("status", ASCENDING), ("asked", ASCENDING)], {})]}
LEASE = timedelta(seconds=6)
MOST_STARTS = 5


class LeaseLost(Exception):
    """Another worker has taken the computation over: the result of this one must not be written."""


class _UnderWay(Exception):
    pass


@dataclass(frozen=True)
class Options:
    """What is computed: within how many seconds, whether as a repair, and the objective beyond breaks (see SolverOptions)."""

    time_limit: float
    repair: bool = False
    minimise_gaps: bool = False


@dataclass(frozen=True)
class Computation:
    """A computation that this worker holds; `holder` is new each time one is leased. `district` is the event's first."""

    event_id: str
    holder: str
    options: Options
    correlation: str
    starts: int
    district: str | None = None


@dataclass(frozen=True)
class Progress:
    """The best schedule so far: the number of meetings placed, and the breaks of all participants."""

    placed: int
    breaks: int


@dataclass(frozen=True)
class ComputationEntry:
    """An entry of the ledger, as far as it is shown."""

    status: Status
    time_limit: float
    asked: datetime
    starts: int
    best: Progress | None
    stop_requested: bool
    finished: datetime | None
    reason: LocalizedText | None
    agenda_version: int | None

    @property
    def has_ended(self) -> bool:
        """Whether it is neither queued nor running."""
        return self.status not in UNDER_WAY


@dataclass(frozen=True)
class _Leased:
    time_limit: float
    repair: bool
    minimise_gaps: bool
    correlation: str
    starts: int
    stop_requested: bool
    district: str | None = None


def due(_now: datetime) -> Mapping[str, Document]:
    """Name the computations that the workers of this service have to do now."""
    return {COMPUTATIONS: {"status": {"$in": list(UNDER_WAY)}}}


async def is_under_way(mongo: Mongo, event_id: str) -> bool:
    """Whether an event's agenda is being computed, or queued for it."""
    query = {"_id": event_id, "status": {"$in": list(UNDER_WAY)}}
    return await mongo[COMPUTATIONS].find_one(query, {"_id": 1}) is not None


class Computations:
    """The ledger. Times come from `clock`."""

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self._collection = mongo[COMPUTATIONS]
        self._clock = clock

    async def enqueue(self, event_id: str, options: Options, correlation: str, district: str | None = None) -> None:
        """Queue the computation of an event's agenda, for its first district; one that is under way is left as it is."""
        entry: Document = {
            "status": "queued",
            "time_limit": options.time_limit,
            "correlation": correlation,
            "district": district,
            "repair": options.repair,
            "minimise_gaps": options.minimise_gaps,
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
                ended = {"_id": event_id, "status": {"$nin": list(UNDER_WAY)}}
                await self._collection.update_one(ended, {"$set": entry}, upsert=True)
        except _UnderWay:
            return

    async def lease(self, repairs_only: bool = False, served: Collection[str] = ()) -> Computation | None:
        """Lease a queued computation, or one whose worker lost its lease: repairs first, then the oldest. None where none is.

        None of the districts that are `served` already.
        """
        now = self._clock()
        holder = secrets.token_hex(16)
        free = {
            "$or": [{"status": "queued"}, {"status": "running", "until": {"$lt": now}}],
            **({"district": {"$nin": sorted(served)}} if served else {}),
        }
        document = await self._collection.find_one_and_update(
            {**free, "repair": True} if repairs_only else free,
            {"$set": {"status": "running", "holder": holder, "until": now + LEASE}, "$inc": {"starts": 1}},
            sort=[("repair", DESCENDING), ("asked", ASCENDING)],
            return_document=True,
        )
        if document is None:
            return None
        leased = parse(_Leased, document)
        options = Options(leased.time_limit, leased.repair, leased.minimise_gaps)
        return Computation(document["_id"], holder, options, leased.correlation, leased.starts, leased.district)

    async def renew(self, computation: Computation, best: Progress | None) -> bool:
        """Renew the lease and record the progress; return whether a stop was requested. Raises LeaseLost."""
        progress = None if best is None else {"placed": best.placed, "breaks": best.breaks}
        change = {"$set": {"until": self._clock() + LEASE, "best": progress}}
        document = await self._collection.find_one_and_update(_held(computation), change, return_document=True)
        if document is None:
            raise LeaseLost
        return parse(_Leased, document).stop_requested

    async def cancel(self, event_id: str) -> None:
        """End it, so that nothing is published. Raises NotFound, and Refusal where it has ended already."""
        change = {"status": "cancelled", "holder": None, "until": None, "finished": self._clock()}
        await self._change(event_id, change)

    async def stop_searching(self, event_id: str) -> None:
        """Stop the search at its best schedule so far, or at the first one.

        Raises NotFound, and Refusal where it has ended already.
        """
        await self._change(event_id, {"stop_requested": True})

    async def _change(self, event_id: str, change: Document) -> None:
        under_way = {"_id": event_id, "status": {"$in": list(UNDER_WAY)}}
        if not (await self._collection.update_one(under_way, {"$set": change})).matched_count:
            await self.read(event_id)
            raise Refusal("computation-ended")

    async def release(self, computation: Computation) -> None:
        """Put it back into the queue, to be leased at once and not after its lease; that start does not count."""
        change = {"$set": {"status": "queued", "holder": None, "until": None}, "$inc": {"starts": -1}}
        await self._collection.update_one(_held(computation), change)

    async def publish(self, computation: Computation, agenda_version: int, session: Session) -> None:
        """Record, in the transaction that publishes the agenda, that this is done. Raises LeaseLost."""
        await self._finish(computation, {"status": "published", "agenda_version": agenda_version}, session)

    async def fail(self, computation: Computation, reason: LocalizedText) -> None:
        """Record why there is no new agenda. Raises LeaseLost."""
        await self._finish(computation, {"status": "failed", "reason": reason.model_dump()})

    async def _finish(self, computation: Computation, outcome: Document, session: Session | None = None) -> None:
        change = {"$set": {**outcome, "holder": None, "until": None, "finished": self._clock()}}
        if not (await self._collection.update_one(_held(computation), change, session=session)).matched_count:
            raise LeaseLost

    async def read(self, event_id: str) -> ComputationEntry:
        """Read the last computation of an event's agenda. Raises NotFound."""
        document = await self._collection.find_one({"_id": event_id})
        if document is None:
            raise NotFound("computation-unknown")
        return parse(ComputationEntry, document)


def _held(computation: Computation) -> Document:
    return {"_id": computation.event_id, "status": "running", "holder": computation.holder}
