"""The one write path: load, decide, evolve, and save state, claims and outbox in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared.chassis.errors import StaleVersion
from shared.chassis.ids import uuid7
from shared.chassis.mongo import Conflict, Document, Mongo, Session, duplicate_as, retrying
from shared.chassis.outbox.cause import Cause
from shared.chassis.outbox.outbox import OUTBOX, outgoing
from shared.chassis.telemetry.metrics_and_traces import current_traceparent
from shared.chassis.writes.aggregate import Aggregate, Command, Decide, Stored, Written
from shared.chassis.writes.claims import ClaimHeld, claimed, claims_of, exchange_claims
from shared.chassis.writes.queries import find_aggregate
from shared.contracts.base import to_milliseconds

S = TypeVar("S")
Alongside = Callable[[Session, Written[Any]], Awaitable[None]]
"""Writes in the same transaction: a reaction's position, an idempotency record, a ledger entry."""


def version_of(stored: Stored[Any] | None) -> int:
    """The version of an aggregate, 0 before its first event."""
    return stored.version if stored else 0


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
        first: Command[Any] | None = None,
    ) -> Written[S]:
        """Execute a command on one aggregate; each event it emits is one version.

        If it emits any, the command `first` is executed before it on another aggregate, in the same transaction: a claim that
        one releases can be taken by the other. A lost race is retried from the load. Raises StaleVersion where `expected` is
        not the current version, Claimed where another aggregate holds a claim, and any Refusal of the rule.
        """
        command = Command(aggregate, id, decide)
        return await retrying(lambda: self._once(command, cause, expected, alongside, first))

    async def _once(
        self,
        command: Command[S],
        cause: Cause,
        expected: int | None,
        alongside: Alongside | None,
        first: Command[Any] | None,
    ) -> Written[S]:
        aggregate = command.aggregate
        stored = await find_aggregate(self.mongo, aggregate, command.id)
        if expected is not None and expected != version_of(stored):
            raise StaleVersion(expected, version_of(stored))
        written = self._decided(command, stored)
        if not written.events and alongside is None:
            return written
        outbox = self._outgoing(aggregate, written, cause)
        before: list[Document] = []

        async def body(session: Session) -> None:
            if alongside is not None:
                await alongside(session, written)
            if written.events and first is not None:
                before.extend(await self._before(session, first, cause))
            if written.events:
                await self._put(session, aggregate, stored, written, outbox)

        try:
            await self.mongo.transact(body)
        except ClaimHeld as held:
            raise await claimed(self.mongo, held) from None
        if outbox:
            self._committed([*before, *outbox])
        return written

    async def _before(self, session: Session, command: Command[Any], cause: Cause) -> list[Document]:
        """Run a second command in this transaction and return its outbox documents."""
        stored = await find_aggregate(self.mongo, command.aggregate, command.id, session)
        events = command.decide(stored.state if stored else None)
        if not events:
            return []
        written = self._decided(replace(command, decide=lambda _: events), stored)
        outbox = self._outgoing(command.aggregate, written, cause)
        await self._put(session, command.aggregate, stored, written, outbox)
        return outbox

    def _decided(self, command: Command[S], stored: Stored[S] | None) -> Written[S]:
        """The result of a command on an aggregate, before it is saved."""
        state = stored.state if stored else None
        events = command.decide(state)
        for event in events:
            state = command.aggregate.evolve(state, event)
        assert state is not None, "a rule that emits nothing on nothing must refuse"
        # A state that an older `evolve` began is not what this one makes, whatever was evolved on top of it.
        revision = stored.revision if stored else command.aggregate.revision
        return Written(command.id, version_of(stored) + len(events), state, revision, self._moment(stored), events)

    async def _put(
        self,
        session: Session,
        aggregate: Aggregate[S],
        stored: Stored[S] | None,
        written: Written[S],
        outbox: Sequence[Document],
    ) -> None:
        """Save the result of a command, with its claims and outbox documents."""
        await self._save(session, aggregate, written, stored)
        held = claims_of(aggregate, written.id, stored.state if stored else None)
        await exchange_claims(self.mongo, aggregate, written.id, held, written.state, session)
        await self.mongo[OUTBOX].insert_many(outbox, session=session)

    def _moment(self, stored: Stored[S] | None) -> datetime:
        """Now, but always later than the aggregate's last event, whatever the clocks of two replicas say."""
        now = to_milliseconds(self.clock())
        return max(now, stored.changed + timedelta(milliseconds=1)) if stored else now

    async def _save(self, session: Session, aggregate: Aggregate[S], written: Written[S], stored: Stored[S] | None) -> None:
        document = {
            "_id": written.id,
            "version": written.version,
            "evolve": written.revision,
            "changed": written.changed,
            "state": aggregate.dump(written.state),
        }
        collection = self.mongo[aggregate.collection]
        if stored:
            # Nor may it have been replayed meanwhile: that gives another state of the same version.
            as_read = {"_id": written.id, "version": stored.version, "evolve": stored.revision}
            result = await collection.replace_one(as_read, document, session=session)
            if not result.matched_count:
                raise Conflict
            return
        with duplicate_as(Conflict):
            await collection.insert_one(document, session=session)

    def _outgoing(self, aggregate: Aggregate[S], written: Written[S], cause: Cause) -> list[Document]:
        version = written.version - len(written.events)
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
