"""The steps that an event leads to: each in a small transaction with its mark, none done twice whatever dies in between."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from shared.chassis.inbox.held_events import leave
from shared.chassis.inbox.message import Received
from shared.chassis.inbox.positions import POSITIONS, Position, advance, fence
from shared.chassis.mongo import Mongo, Session, retrying
from shared.chassis.outbox.cause import Cause
from shared.chassis.reactions.reaction import Enter, Step
from shared.chassis.writes.queries import find_aggregate
from shared.chassis.writes.write_path import WritePath


class Steps:
    """Does the steps of one reaction's events. The last one, or none, moves the position on."""

    def __init__(self, write: WritePath, consumer: str) -> None:
        self._mongo: Mongo = write.mongo
        self._write = write
        self._consumer = consumer

    async def take(self, received: Received, steps: Sequence[Step], last: Position, was_kept: bool) -> Position:
        """Take the steps of an event, of a lane that stands at `last`, that were not taken before a crash in the middle.

        Returns where the lane stands then. Raises Superseded where another process was quicker, and what a command refuses
        or claims.
        """
        earlier, final = steps[:-1], steps[-1] if steps else None
        taken = await self._taken(received) if earlier else []
        for number, step in enumerate(earlier):
            if number not in taken:
                taken.append(number)
                await self._step(received, step, partial(self._tick, received, [*taken], last))
                last = last.once_held()
        await self._step(received, final, partial(self._finish, received, last, was_kept))
        return last.moved(received.sequence)

    async def foresee(self, step: Step) -> str:
        """Tell what a step would do now."""
        if isinstance(step, Enter):
            ids = [document["_id"] for document in step.documents]
            known = await self._mongo[step.collection].count_documents({"_id": {"$in": ids}})
            return f"enters {len(ids) - known} in {step.collection}"
        stored = await find_aggregate(self._mongo, step.aggregate, step.id)
        events = step.decide(stored.state if stored else None)
        return f"{step.aggregate.name} {step.id}: {', '.join(event.TYPE for event in events) or 'nothing'}"

    async def _step(self, received: Received, step: Step | None, mark: Callable[[Session], Awaitable[None]]) -> None:
        """Do one step, or none, and mark it in the same transaction."""
        if step is None:
            await self._mongo.transact(mark)
            return
        if not isinstance(step, Enter):
            cause = Cause(received.envelope.correlation, received.envelope.id, received.envelope.district)
            await self._write.execute(step.aggregate, step.id, step.decide, cause, alongside=lambda session, _: mark(session))
            return

        async def enter(session: Session) -> None:
            ids = [document["_id"] for document in step.documents]
            found = self._mongo[step.collection].find({"_id": {"$in": ids}}, {"_id": 1}, session=session)
            known = {document["_id"] async for document in found}
            if fresh := [document for document in step.documents if document["_id"] not in known]:
                await self._mongo[step.collection].insert_many(fresh, session=session)
            await mark(session)

        await retrying(lambda: self._mongo.transact(enter))
        step.entered()

    async def _taken(self, received: Received) -> list[int]:
        """Read which steps of this event were already committed."""
        position = await self._mongo[POSITIONS].find_one({"_id": f"{self._consumer}|{received.lane}"}) or {}
        done = position.get("done") or {}
        return list(done["steps"]) if done.get("sequence") == received.sequence else []

    async def _tick(self, received: Received, taken: Sequence[int], last: Position, session: Session) -> None:
        done = {"sequence": received.sequence, "steps": taken}
        await fence(self._mongo, self._consumer, {received.lane: last}, session, done)

    async def _finish(self, received: Received, last: Position, was_kept: bool, session: Session) -> None:
        lane, name = received.lane, self._consumer
        await advance(self._mongo, name, {lane: last}, {lane: received.sequence}, session)
        if was_kept:
            await leave(self._mongo, name, lane, received.sequence, session)
