"""The one module that imports the MongoDB driver: Motor today, PyMongo's own asyncio API tomorrow (ADR 2)."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias, TypeVar

from bson.codec_options import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import ASCENDING, DESCENDING, DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "Collection",
    "Conflict",
    "Database",
    "DeleteOne",
    "Document",
    "DuplicateKeyError",
    "InsertOne",
    "Mongo",
    "PyMongoError",
    "ReadConcern",
    "ReplaceOne",
    "Session",
    "UpdateOne",
    "is_outage",
    "is_transient",
    "is_wrong_address",
]

Document: TypeAlias = dict[str, Any]
Database: TypeAlias = AsyncIOMotorDatabase[Document]
Collection: TypeAlias = AsyncIOMotorCollection[Document]
Session: TypeAlias = AsyncIOMotorClientSession
T = TypeVar("T")

DUPLICATE_KEY = 11000
INDEX_OPTIONS_CONFLICT = 85
ATTEMPTS = 40


class Conflict(Exception):
    """The document changed since it was read: read and decide anew."""


def is_outage(error: BaseException) -> bool:
    """Whether the database could not be reached, so that the same work may succeed later."""
    return isinstance(error, ConnectionFailure | InvalidOperation) or (
        isinstance(error, PyMongoError)
        and (
            error.has_error_label("RetryableWriteError") or error.has_error_label("UnknownTransactionCommitResult") or error.timeout
        )
    )


def is_wrong_address(error: BaseException) -> bool:
    """Whether the database's URL or its options are wrong: nothing was tried yet."""
    return isinstance(error, ConfigurationError)


def is_transient(error: BaseException) -> bool:
    """Whether a transaction lost against another and can be retried.

    Where no server was found the driver has waited already: that is an outage, whatever its label.
    """
    return isinstance(error, Conflict) or (
        isinstance(error, PyMongoError)
        and error.has_error_label("TransientTransactionError")
        and not isinstance(error, ServerSelectionTimeoutError)
    )


def is_duplicate(error: BaseException) -> bool:
    """Whether a unique key exists already, in a single or bulk write."""
    if isinstance(error, BulkWriteError):
        return any(item.get("code") == DUPLICATE_KEY for item in error.details.get("writeErrors", ()))
    return isinstance(error, DuplicateKeyError)


@contextmanager
def duplicate_as(kind: type[Exception]) -> Iterator[None]:
    """Raise `kind` where the block meets a unique key that is taken."""
    try:
        yield
    except PyMongoError as error:
        if is_duplicate(error):
            raise kind from error
        raise


class Mongo:
    """One service's database, and transactions on it with majority concerns."""

    def __init__(self, url: str, database: str, timeout: float) -> None:
        milliseconds = int(timeout * 1000)
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url,
            tz_aware=True,
            serverSelectionTimeoutMS=milliseconds,
            connectTimeoutMS=milliseconds,
            socketTimeoutMS=milliseconds * 3,
            w="majority",
        )
        self.database: Database = self._client.get_database(
            database, codec_options=CodecOptions(document_class=dict, tz_aware=True)
        )
        self._collections: dict[str, Collection] = {}

    def __getitem__(self, collection: str) -> Collection:
        # Cached: the driver creates a new object each time, on every step of every command.
        cached = self._collections.get(collection)
        if cached is None:
            cached = self._collections[collection] = self.database[collection]
        return cached

    async def transact(self, body: Callable[[Session], Awaitable[T]]) -> T:
        """Run `body` in one transaction and commit it; the commit alone is repeated where its fate is unknown.

        Raises what `body` raises after aborting, and driver errors that `is_transient` or `is_outage` tell apart.
        """
        async with await self._client.start_session() as session:
            session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority"))
            try:
                result = await body(session)
            except BaseException:
                if session.in_transaction:  # type: ignore[truthy-function]  # Motor makes it a property
                    await session.abort_transaction()
                raise
            await _commit(session)
            return result

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Session]:
        """Read many collections as they were at one moment (at most five minutes long)."""
        async with await self._client.start_session(snapshot=True) as session:
            yield session

    async def ping(self) -> None:
        """Check that the primary answers."""
        await self.database.command("ping")

    async def databases(self, prefix: str) -> list[str]:
        """The databases with this prefix, of any service."""
        return [name for name in await self._client.list_database_names() if name.startswith(prefix)]

    async def drop(self, database: str) -> None:
        """Drop a whole database: a temporary one."""
        await self._client.drop_database(database)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


async def _commit(session: Session) -> None:
    for attempt in range(5):
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if attempt == 4 or not error.has_error_label("UnknownTransactionCommitResult"):
                raise
        else:
            return


async def retrying(work: Callable[[], Awaitable[T]]) -> T:
    """Retry `work` while it loses against other transactions, with a growing, random pause."""
    for attempt in range(ATTEMPTS):
        try:
            return await work()
        except Exception as error:
            if not is_transient(error) or attempt == ATTEMPTS - 1:
                raise
        await asyncio.sleep(random.uniform(0, min(0.25, 0.002 * 2**attempt)))  # noqa: S311 - spreads retries
    raise AssertionError("unreachable")


Index: TypeAlias = tuple[Sequence[tuple[str, int]], Mapping[str, Any]]


async def ensure_indexes(mongo: Mongo, indexes: Mapping[str, Sequence[Index]]) -> None:
    """Create missing collections and indexes, which transactions cannot, and update the lifetimes of documents."""
    present = set(await mongo.database.list_collection_names())
    for collection, declared in indexes.items():
        if collection not in present:
            try:
                # Unchecked: the driver's own look would fail where another replica has just made it.
                await mongo.database.create_collection(collection, check_exists=False)
            except PyMongoError as error:
                if getattr(error, "code", None) != 48:  # NamespaceExists
                    raise
        for keys, options in declared:
            await _ensure_index(mongo, collection, keys, options)


async def _ensure_index(mongo: Mongo, collection: str, keys: Sequence[tuple[str, int]], options: Mapping[str, Any]) -> None:
    try:
        await mongo[collection].create_index(list(keys), **options)
    except OperationFailure as error:
        if error.code != INDEX_OPTIONS_CONFLICT or "expireAfterSeconds" not in options:
            raise
        # A setting has changed since the index was made.
        changed = {"keyPattern": dict(keys), "expireAfterSeconds": options["expireAfterSeconds"]}
        await mongo.database.command("collMod", collection, index=changed)
        await mongo[collection].create_index(list(keys), **options)
