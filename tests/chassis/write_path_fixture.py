"""The write path alone, on a real MongoDB: members of the registry, without HTTP and without Kafka."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from services.registry.contact.aggregate import CONTACT
from services.registry.district.aggregate import DISTRICT
from services.registry.member.aggregate import MEMBER
from shared.chassis.config import Settings
from shared.chassis.http.idempotency import IDEMPOTENCY
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.chassis.outbox.outbox import OUTBOX, outbox_indexes
from shared.chassis.workers.lease import LEASES
from shared.chassis.writes.claims import CLAIMS
from shared.chassis.writes.write_path import WritePath
from shared.contracts.registry import Identifier, MemberApplied, Place, Profile


def utc_now() -> datetime:
    return datetime.now(UTC)


def applied(name: str = "Esempio", pic: str = "123456789") -> MemberApplied:
    return MemberApplied(
        name=name,
        kind="sme",
        identifiers=(Identifier(scheme="pic", value=pic),),
        districts=("marble",),
        place=Place(country="IT"),
        profile=Profile(),
    )


@asynccontextmanager
async def writing(settings: Settings, commits: list[None] | None = None) -> AsyncIterator[WritePath]:
    """A write path on a database of its own, with the collections it needs; each commit is added to `commits`."""
    mongo = Mongo(settings.mongo_url, settings.named("writing"), settings.mongo_timeout)
    names = (CLAIMS, LEASES, IDEMPOTENCY, *(aggregate.collection for aggregate in (MEMBER, CONTACT, DISTRICT)))
    await ensure_indexes(mongo, {OUTBOX: outbox_indexes(7), **{name: [] for name in names}})
    published = commits if commits is not None else []
    try:
        yield WritePath(mongo, "/distretti/writing", utc_now, lambda _: published.append(None))
    finally:
        mongo.close()


async def outbox_of(mongo: Mongo, key: str) -> list[dict[str, Any]]:
    """The outbox of one aggregate, in the order of the ids."""
    documents: list[dict[str, Any]] = await mongo[OUTBOX].find({"key": key}).sort("_id", 1).to_list(None)
    return documents
