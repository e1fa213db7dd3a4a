"""The ledger of calendar addresses: calendar programs send no token, so that whoever knows an address reads its feed.

Only a digest of an address is kept: it is shown once. Who gave one out or took it back is kept with it.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from shared.chassis.errors import NotFound
from shared.chassis.mongo import ASCENDING, Conflict, Document, Index, Mongo, Session, duplicate_as, retrying

ADDRESSES: Final = "calendar_addresses"
ACTS: Final = "calendar_acts"
INDEXES: dict[str, list[Index]] = {
    ADDRESSES: [([("digest", ASCENDING)], {"unique": True, "sparse": True})],
    ACTS: [([("address", ASCENDING), ("at", ASCENDING)], {})],
}
SECRET_BYTES = 32


@dataclass(frozen=True)
class Addressee:
    """Whose calendar an address shows."""

    event: str
    member: str

    @property
    def id(self) -> str:
        """Name the one address of a participant; events' ids hold no colon."""
        return f"{self.event}:{self.member}"


class CalendarAddresses:
    """The ledger. Times come from `clock`."""

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self._mongo = mongo
        self._clock = clock

    async def open(self, of: Addressee, by: str) -> str:
        """Give out a new address, which ends the one before; return its secret part, 43 characters fit for a path."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = self._clock()
        change: Document = {
            "$set": {"event_id": of.event, "member_id": of.member, "digest": _digest(secret), "opened": now, "revoked": None}
        }
        await self._act(of, "opened", by, now, change)
        return secret

    async def revoke(self, of: Addressee, by: str) -> None:
        """End the address; ending it twice changes nothing."""
        if (await self.read(of))["revoked"] is None:
            now = self._clock()
            await self._act(of, "revoked", by, now, {"$set": {"revoked": now}, "$unset": {"digest": ""}})

    async def read(self, of: Addressee) -> dict[str, Any]:
        """Show since when there is an address, and its last acts, oldest first. Raises NotFound."""
        found = await self._mongo[ADDRESSES].find_one({"_id": of.id})
        if found is None:
            it = "Per questo calendario non è mai stato chiesto un indirizzo."
            raise NotFound("address-unknown", it=it, en="No address of this calendar was ever asked for.")
        acts = await self._mongo[ACTS].find({"address": of.id}).sort("at", -1).limit(50).to_list(None)
        told = [{"act": act["act"], "by": act["by"], "at": act["at"]} for act in reversed(acts)]
        return {"event_id": of.event, "member_id": of.member, "opened": found["opened"], "revoked": found["revoked"], "acts": told}

    async def find(self, secret: str) -> Addressee:
        """Tell whose calendar an address shows. Raises NotFound for one that never was or is no more."""
        found = await self._mongo[ADDRESSES].find_one({"digest": _digest(secret)})
        if found is None:
            it = "Questo calendario non esiste o il suo indirizzo è stato revocato."
            raise NotFound("calendar-unknown", it=it, en="There is no such calendar, or its address was revoked.")
        return Addressee(found["event_id"], found["member_id"])

    async def _act(self, of: Addressee, act: Literal["opened", "revoked"], by: str, at: datetime, change: Document) -> None:
        async def body(session: Session) -> None:
            with duplicate_as(Conflict):
                await self._mongo[ADDRESSES].update_one({"_id": of.id}, change, session=session, upsert=True)
            await self._mongo[ACTS].insert_one({"address": of.id, "act": act, "by": by, "at": at}, session=session)

        await retrying(lambda: self._mongo.transact(body))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
