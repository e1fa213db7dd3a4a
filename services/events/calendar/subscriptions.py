"""The ledger of calendar addresses: calendar programs send no token, so that whoever knows an address reads its feed.

Only a digest of an address is kept: it is shown once. Who gave one out or took it back is kept with it.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from shared.chassis.documents import parse
from shared.chassis.errors import NotFound
from shared.chassis.mongo import ASCENDING, Conflict, Document, Index, Mongo, Session, duplicate_as, retrying

ADDRESSES: Final = "calendar_addresses"
ACTS: Final = "calendar_acts"
INDEXES: dict[str, list[Index]] = {
    ADDRESSES: [
        ([("digest", ASCENDING)], {"unique": True, "sparse": True}),
        ([("event_id", ASCENDING), ("member_id", ASCENDING)], {"unique": True}),
    ],
    ACTS: [([("address", ASCENDING), ("at", ASCENDING)], {})],
}
SECRET_BYTES = 32


@dataclass(frozen=True)
class Addressee:
    """Whose calendar an address shows."""

    event: str
    member: str

    @property
    def query(self) -> Document:
        """Match the one address of a participant."""
        return {"event_id": self.event, "member_id": self.member}


Act = Literal["opened", "revoked"]


@dataclass(frozen=True)
class AddressAct:
    """Who gave an address out or revoked it, and when."""

    act: Act
    by: str
    at: datetime


@dataclass(frozen=True)
class CalendarAddress:
    """Since when a calendar has an address, and its last acts, oldest first."""

    event_id: str
    member_id: str
    opened: datetime
    revoked: datetime | None
    acts: tuple[AddressAct, ...] = ()


class CalendarAddresses:
    """The ledger. Times come from `clock`."""

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self._mongo = mongo
        self._clock = clock

    async def open(self, addressee: Addressee, by: str) -> str:
        """Give out a new address, which ends the one before; return its secret part, 43 characters fit for a path."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = self._clock()
        change: Document = {"$set": {"digest": _digest(secret), "opened": now, "revoked": None}}
        await self._act(addressee, "opened", by, now, change)
        return secret

    async def revoke(self, addressee: Addressee, by: str) -> None:
        """End the address; ending it twice changes nothing."""
        if (await self.read(addressee)).revoked is None:
            now = self._clock()
            await self._act(addressee, "revoked", by, now, {"$set": {"revoked": now}, "$unset": {"digest": ""}})

    async def read(self, addressee: Addressee) -> CalendarAddress:
        """Read since when there is an address, and its last acts, oldest first. Raises NotFound."""
        document = await self._mongo[ADDRESSES].find_one(addressee.query)
        if document is None:
            raise NotFound("address-unknown")
        acts = self._mongo[ACTS].find({"address": document["_id"]}).sort("at", -1).limit(50)
        newest_first = [parse(AddressAct, act) async for act in acts]
        return replace(parse(CalendarAddress, document), acts=tuple(reversed(newest_first)))

    async def find(self, secret: str) -> Addressee:
        """Tell whose calendar an address shows. Raises NotFound for one that never was or is no more."""
        document = await self._mongo[ADDRESSES].find_one({"digest": _digest(secret)})
        if document is None:
            raise NotFound("calendar-unknown")
        address = parse(CalendarAddress, document)
        return Addressee(address.event_id, address.member_id)

    async def _act(self, addressee: Addressee, act: Act, by: str, at: datetime, change: Document) -> None:
        async def body(session: Session) -> None:
            with duplicate_as(Conflict):
                address = await self._mongo[ADDRESSES].find_one_and_update(
                    addressee.query, change, {"_id": 1}, upsert=True, return_document=True, session=session
                )
            await self._mongo[ACTS].insert_one({"address": address["_id"], "act": act, "by": by, "at": at}, session=session)

        await retrying(lambda: self._mongo.transact(body))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
