"""The ledger of agenda computations: one entry an event, with a lease so that one killed half-way is taken up again."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from shared.chassis.errors import NotFound, Refusal
from shared.chassis.mongo import ASCENDING, DESCENDING, Document, Index, Mongo, Session, duplicate_as

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
        """Take one that is queued, or whose worker was heard of no more: repairs first, then the oldest. None where none is."""
        now = self._clock()
        holder = secrets.token_hex(16)
        free = {"$or": [{"status": "queued"}, {"status": "running", "until": {"$lt": now}}]}
        found = await self._collection.find_one_and_update(
            {**free, "repair": True} if repairs_only else free,
            {"$set": {"status": "running", "holder": holder, "until": now + LEASE}, "$inc": {"starts": 1}},
            sort=[("repair", DESCENDING), ("asked", ASCENDING)],
            return_document=True,
        )
        if found is None:
            return None
        told = ("time_limit", "correlation", "starts", "repair", "minimise_gaps")
        return Computation(found["_id"], holder, **{name: found[name] for name in told})

    async def renew(self, held: Computation, best: Document | None) -> bool:
        """Say that it is still being worked on, and what is `best` so far; tell whether a stop was requested. Raises LeaseLost."""
        change = {"$set": {"until": self._clock() + LEASE, "best": best}}
        found = await self._collection.find_one_and_update(_held(held), change, return_document=True)
        if found is None:
            raise LeaseLost
        return bool(found.get("stop_requested"))

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
            status = (await self.read(event))["status"]
            it = f"Il calcolo è già terminato ({status}): chiederne uno nuovo."
            raise Refusal("computation-ended", it=it, en=f"The computation has ended already ({status}): ask for another.")

    async def put_back(self, held: Computation) -> None:
        """Give it back unfinished, so that it is taken up at once and not after its lease; that start does not count."""
        change = {"$set": {"status": "queued", "holder": None, "until": None}, "$inc": {"starts": -1}}
        await self._collection.update_one(_held(held), change)

    async def publish(self, held: Computation, agenda_version: int, session: Session) -> None:
        """Note, in the transaction that publishes the agenda, that this is done. Raises LeaseLost."""
        await self._finish(held, {"status": "published", "agenda_version": agenda_version}, session)

    async def fail(self, held: Computation, it: str, en: str) -> None:
        """Note why there is no new agenda. Raises LeaseLost."""
        await self._finish(held, {"status": "failed", "reason": {"it": it, "en": en}})

    async def _finish(self, held: Computation, outcome: Document, session: Session | None = None) -> None:
        change = {"$set": {**outcome, "holder": None, "until": None, "finished": self._clock()}}
        if not (await self._collection.update_one(_held(held), change, session=session)).matched_count:
            raise LeaseLost

    async def read(self, event: str) -> dict[str, Any]:
        """Show the last computation of an event's agenda. Raises NotFound."""
        found = await self._collection.find_one({"_id": event})
        if found is None:
            it = "L'agenda di questo evento non è mai stata chiesta."
            raise NotFound("computation-unknown", it=it, en="The agenda of this event was never asked for.")
        told = ("status", "time_limit", "asked", "starts", "best", "stop_requested", "finished", "reason", "agenda_version")
        return {"event_id": event, **{name: found.get(name) for name in told}}


def _held(held: Computation) -> Document:
    return {"_id": held.event, "status": "running", "holder": held.holder}
