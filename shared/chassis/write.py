"""The one write path: load, decide, evolve, and save state, claims and outbox in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared.chassis.aggregate import Aggregate, Cause, Decide, Written
from shared.chassis.errors import Claimed, Invalid, StaleVersion
from shared.chassis.ids import uuid7
from shared.chassis.mongo import ASCENDING, Conflict, Document, Index, InsertOne, Mongo, Session, duplicate_as, retrying
from shared.chassis.outbox import OUTBOX, outgoing
from shared.chassis.telemetry import current_traceparent
from shared.contracts.base import to_milliseconds

S = TypeVar("S")
CLAIMS = "claims"
CLAIM_INDEXES: list[Index] = [([("holder", ASCENDING)], {})]
"""What an aggregate holds is asked when its state is folded again."""
Alongside = Callable[[Session, Written[Any]], Awaitable[None]]
"""What is written in the same transaction: a reaction's position, an idempotency record, a ledger entry."""


class _ClaimTaken(Exception):
    pass


class WritePath:
    """Executes commands of one service. `clock` gives the time; `committed` is given the outbox documents after each commit."""

    def __init__(
        self, mongo: Mongo, source: str, clock: Callable[[], datetime], committed: Callable[[Sequence[Document]], None]
    ) -> None:
        self.mongo = mongo
        self.clock = clock
        self._source = source
        self._committed = committed

    async def execute(
        self,
        aggregate: Aggregate[S],
        id: str,
        decide: Decide[S],
        cause: Cause,
        *,
        expected: int | None = None,
        alongside: Alongside | None = None,
    ) -> Written[S]:
        """Do one command on one aggregate; each event it emits is one version.

        A lost race is tried again from the load. Raises StaleVersion where `expected` is not the version now,
        Claimed where another aggregate holds a claim, Invalid for a number beyond 64 bits, and whatever Refusal the
        rule raises.
        """
        return await retrying(lambda: self._once(aggregate, id, decide, cause, expected, alongside))

    async def _once(
        self,
        aggregate: Aggregate[S],
        id: str,
        decide: Decide[S],
        cause: Cause,
        expected: int | None,
        alongside: Alongside | None,
    ) -> Written[S]:
        stored = await self.mongo[aggregate.collection].find_one({"_id": id})
        before: S | None = stored["state"] if stored else None
        version: int = stored["version"] if stored else 0
        if expected is not None and expected != version:
            raise StaleVersion(expected, version)
        events = decide(before)
        after = before
        for event in events:
            after = aggregate.evolve(after, event)
        assert after is not None, "a rule that emits nothing on nothing must refuse"
        moment = self._moment(stored)
        written = Written(id, version + len(events), after, events, moment)
        if not events and alongside is None:
            return written
        outbox = self._outgoing(aggregate, written, version, cause) if events else []

        async def body(session: Session) -> None:
            if alongside is not None:
                await alongside(session, written)
            if events:
                # A state that an older `evolve` began is not what this one makes, whatever was evolved on top of it.
                revision = stored["evolve"] if stored else aggregate.revision
                await self._save(session, aggregate, written, version, revision)
                await self._claim(session, aggregate, id, before, after)
                await self.mongo[OUTBOX].insert_many(outbox, session=session)

        try:
            await self.mongo.transact(body)
        except _ClaimTaken:
            await self._raise_claimed(aggregate, id, after)
        except OverflowError as error:
            raise Invalid(
                "number-too-large",
                it="Un numero è troppo grande: al massimo 9223372036854775807.",
                en="A number is too large: at most 9223372036854775807.",
            ) from error
        if events:
            self._committed(outbox)
        return written

    def _moment(self, stored: Document | None) -> datetime:
        """Now, but always later than the aggregate's last event, whatever the clocks of two replicas say."""
        now = to_milliseconds(self.clock())
        return max(now, stored["changed"] + timedelta(milliseconds=1)) if stored else now

    async def _save(self, session: Session, aggregate: Aggregate[S], written: Written[S], version: int, revision: int) -> None:
        document = {
            "_id": written.id,
            "version": written.version,
            "evolve": revision,
            "changed": written.changed,
            "state": written.state,
        }
        collection = self.mongo[aggregate.collection]
        if version:
            result = await collection.replace_one({"_id": written.id, "version": version}, document, session=session)
            if not result.matched_count:
                raise Conflict
            return
        with duplicate_as(Conflict):
            await collection.insert_one(document, session=session)

    async def _claim(self, session: Session, aggregate: Aggregate[S], id: str, before: S | None, after: S) -> None:
        held = set(aggregate.claims(id, before)) if before is not None else set()
        wanted = set(aggregate.claims(id, after))
        if released := held - wanted:
            await self.mongo[CLAIMS].delete_many({"_id": {"$in": sorted(released)}, "holder": id}, session=session)
        if added := wanted - held:
            claims = [InsertOne({"_id": claim, "aggregate": aggregate.name, "holder": id}) for claim in sorted(added)]
            with duplicate_as(_ClaimTaken):
                await self.mongo[CLAIMS].bulk_write(claims, session=session)

    async def _raise_claimed(self, aggregate: Aggregate[S], id: str, after: S) -> None:
        wanted = sorted(aggregate.claims(id, after))
        other = await self.mongo[CLAIMS].find_one({"_id": {"$in": wanted}, "holder": {"$ne": id}})
        if other is None:
            raise Conflict
        raise Claimed(other["_id"], other["holder"])

    def _outgoing(self, aggregate: Aggregate[S], written: Written[S], version: int, cause: Cause) -> list[Document]:
        assert written.changed is not None
        return [
            outgoing(
                event,
                id=uuid7(written.changed, number),
                topic=aggregate.topic,
                subject=written.id,
                sequence=version + number + 1,
                moment=written.changed,
                source=self._source,
                cause=cause,
                traceparent=cause.traceparent or current_traceparent(),
            )
            for number, event in enumerate(written.events)
        ]
