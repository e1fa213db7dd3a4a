"""Idempotency records: which aggregate a request with a key was a command on; from that its answer is made again (ADR 24)."""

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.chassis.config import Settings
from shared.chassis.errors import FieldError, Invalid, TooManyRequests
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo, Session, duplicate_as
from shared.chassis.texts import text

IDEMPOTENCY: Final = "idempotency"
COUNTED_FOR = timedelta(minutes=1)
"""How long a count of a caller's records holds; what this process adds meanwhile is added to it."""
SWEEP = timedelta(minutes=1)
"""MongoDB removes what has expired once a minute."""


class Repeated(Exception):
    """The key has a record already."""


def digest(*parts: str) -> str:
    """A digest that tells apart whatever differs in any part; the key in it keeps others from guessing what was sent."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def indexes(settings: Settings) -> list[Index]:
    """By age, to remove what has expired, and by caller, to count."""
    seconds = int(settings.idempotency_hours * 3600)
    return [([("created", ASCENDING)], {"expireAfterSeconds": seconds}), ([("caller", ASCENDING), ("created", ASCENDING)], {})]


@dataclass(frozen=True)
class KeyedRequest:
    """A request with a key, in digests: its record's id, who sent it, and what it asks for."""

    id: str
    caller: str
    fingerprint: str


@dataclass
class _Count:
    records: int
    counted: datetime


class IdempotencyRecords:
    """The records of a service. A caller has at most about `idempotency_keys` of them."""

    def __init__(self, mongo: Mongo, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._mongo = mongo
        self._limit = settings.idempotency_keys
        self._lifetime = timedelta(hours=settings.idempotency_hours)
        self._clock = clock
        self._counts: dict[str, _Count] = {}

    async def check(self, caller: str) -> None:
        """Raise TooManyRequests for a caller that has as many records as it may have, until the oldest expires."""
        count = self._counts.get(caller)
        if count is None or self._outdated(count):
            count = await self._count(caller)
        if count.records >= self._limit:
            raise TooManyRequests("too-many-keys", most=self._limit, retry_after=await self._seconds_until_expiry(caller))

    async def add(self, keyed: KeyedRequest, aggregate: str, session: Session) -> None:
        """Record, in the transaction of a command, the aggregate that it is on. Raises Repeated."""
        record: Document = {
            "_id": keyed.id,
            "caller": keyed.caller,
            "fingerprint": keyed.fingerprint,
            "aggregate": aggregate,
            "created": self._clock(),
        }
        with duplicate_as(Repeated):
            await self._mongo[IDEMPOTENCY].insert_one(record, session=session)

    def added(self, caller: str) -> None:
        """Count a record whose transaction was committed."""
        if caller in self._counts:
            self._counts[caller].records += 1

    async def find(self, keyed: KeyedRequest) -> Document | None:
        """The record of a request. Raises Invalid where its key was another one's."""
        record: Document | None = await self._mongo[IDEMPOTENCY].find_one({"_id": keyed.id})
        if record is not None and record["fingerprint"] != keyed.fingerprint:
            raise Invalid("idempotency-key-reused", FieldError("Idempotency-Key", "reused", text("field-new-key")))
        return record

    async def _count(self, caller: str) -> _Count:
        records = await self._mongo[IDEMPOTENCY].count_documents({"caller": caller}, limit=self._limit)
        self._counts.pop(caller, None)
        while self._counts and self._outdated(self._counts[oldest := next(iter(self._counts))]):
            del self._counts[oldest]
        self._counts[caller] = count = _Count(records, self._clock())
        return count

    def _outdated(self, count: _Count) -> bool:
        return self._clock() - count.counted > COUNTED_FOR

    async def _seconds_until_expiry(self, caller: str) -> int:
        oldest = await self._mongo[IDEMPOTENCY].find_one({"caller": caller}, {"created": 1}, sort=[("created", ASCENDING)])
        left = oldest["created"] + self._lifetime - self._clock() if oldest else timedelta()
        return math.ceil((max(left, timedelta()) + SWEEP).total_seconds())
