"""Executes the steps of a reaction: each in a small transaction with a mark, none twice whatever crashes in between."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from shared.chassis.inbox.held_events import release
from shared.chassis.inbox.message import Received
from shared.chassis.inbox.positions import POSITIONS, Position, advance, fence
from shared.chassis.mongo import Mongo, Session, retrying
from shared.chassis.outbox.cause import Cause
from shared.chassis.reactions.reaction import Enter, Step
from shared.chassis.writes.queries import find_aggregate
from shared.chassis.writes.write_path import WritePath


class Steps:
    """Executes the steps of one reaction's events. The last one advances the position."""

    def __init__(self, write: WritePath, consumer: str) -> None:
        self._mongo: Mongo = write.mongo
        self._write = write
        self._consumer = consumer

    async def execute(self, received: Received, steps: Sequence[Step], last: Position, has_held: bool) -> Position:
        """Execute the steps of an event, in a stream that is at `last`, but for those committed before a crash.

        Returns the new position. Raises Superseded where another process was quicker, and what a command refuses or claims.
        """
        earlier, final = steps[:-1], steps[-1] if steps else None
        committed = await self._committed(received) if earlier else []
        for number, step in enumerate(earlier):
            if number not in committed:
                committed.append(number)
                await self._step(received, step, partial(self._mark, received, [*committed], last))
                last = last.fenced()
        await self._step(received, final, partial(self._finish, received, last, has_held))
        return last.moved(received.sequence)

    async def preview(self, step: Step) -> str:
        """What a step would do now."""
        if isinstance(step, Enter):
            ids = [document["_id"] for document in step.documents]
            existing = await self._mongo[step.collection].count_documents({"_id": {"$in": ids}})
            return f"enters {len(ids) - existing} in {step.collection}"
        stored = await find_aggregate(self._mongo, step.aggregate, step.id)
        events = step.decide(stored.state if stored else None)
        return f"{step.aggregate.name} {step.id}: {', '.join(event.TYPE for event in events) or 'nothing'}"

    async def _step(self, received: Received, step: Step | None, mark: Callable[[Session], Awaitable[None]]) -> None:
        """Execute one step, or none, and mark it in the same transaction."""
        if step is None:
            await self._mongo.transact(mark)
            return
        if not isinstance(step, Enter):
            cause = Cause(received.envelope.correlation, received.envelope.id, received.envelope.district)
            await self._write.execute(step.aggregate, step.id, step.decide, cause, alongside=lambda session, _: mark(session))
            return

        async def enter(session: Session) -> None:
            ids = [document["_id"] for document in step.documents]
            stored = self._mongo[step.collection].find({"_id": {"$in": ids}}, {"_id": 1}, session=session)
            existing = {document["_id"] async for document in stored}
            if fresh := [document for document in step.documents if document["_id"] not in existing]:
                await self._mongo[step.collection].insert_many(fresh, session=session)
            await mark(session)

        await retrying(lambda: self._mongo.transact(enter))
        step.entered()

    async def _committed(self, received: Received) -> list[int]:
        """The numbers of the steps of this event that are committed."""
        position = await self._mongo[POSITIONS].find_one({"_id": f"{self._consumer}|{received.stream}"}) or {}
        done = position.get("done") or {}
        return list(done["steps"]) if done.get("sequence") == received.sequence else []

    async def _mark(self, received: Received, committed: Sequence[int], last: Position, session: Session) -> None:
        done = {"sequence": received.sequence, "steps": committed}
        await fence(self._mongo, self._consumer, {received.stream: last}, session, done)

    async def _finish(self, received: Received, last: Position, has_held: bool, session: Session) -> None:
        stream, name = received.stream, self._consumer
        await advance(self._mongo, name, {stream: last}, {stream: received.sequence}, session)
        if has_held:
            await release(self._mongo, name, stream, received.sequence, session)
