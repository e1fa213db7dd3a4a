"""The steps that an event leads to: each in a small transaction with its mark, none done twice whatever dies in between."""

from collections.abc import Sequence
from typing import Any

from shared.chassis.aggregate import Cause, Written
from shared.chassis.mongo import Mongo, Session, duplicate_as, retrying
from shared.chassis.positions import POSITIONS, Superseded, advance, positions_of
from shared.chassis.reaction import Enter, Step
from shared.chassis.received import Received
from shared.chassis.waiting import leave
from shared.chassis.write import WritePath


class Steps:
    """Does the steps of one reaction's events. The last one, or none, moves the position on."""

    def __init__(self, write: WritePath, consumer: str) -> None:
        self._mongo: Mongo = write.mongo
        self._write = write
        self._consumer = consumer

    async def take(self, received: Received, steps: Sequence[Step], last: int | None, was_kept: bool) -> None:
        """Take the steps of an event, of a lane that stands at `last`, that were not taken before a crash in the middle.

        Raises Superseded where another process was quicker, and what a command refuses or claims.
        """
        taken = await self._taken(received) if len(steps) > 1 else set()
        for number, step in enumerate(steps):
            if number not in taken:
                await self._step(received, step, None if number == len(steps) - 1 else number, last, was_kept)
        if not steps:
            await self._mongo.transact(lambda session: self._finish(received, last, was_kept, session))

    async def foresee(self, step: Step) -> str:
        """Tell what a step would do now."""
        if isinstance(step, Enter):
            ids = [document["_id"] for document in step.documents]
            known = await self._mongo[step.collection].count_documents({"_id": {"$in": ids}})
            return f"enters {len(ids) - known} in {step.collection}"
        stored = await self._mongo[step.aggregate.collection].find_one({"_id": step.id})
        events = step.decide(stored["state"] if stored else None)
        return f"{step.aggregate.name} {step.id}: {', '.join(event.TYPE for event in events) or 'nothing'}"

    async def _step(self, received: Received, step: Step, number: int | None, last: int | None, was_kept: bool) -> None:
        """Do one step, and mark it as the `number`th; without a number it is the last."""

        async def alongside(session: Session, _written: Written[Any] | None = None) -> None:
            if number is None:
                await self._finish(received, last, was_kept, session)
            else:
                await self._tick(received, number, last, session)

        if not isinstance(step, Enter):
            cause = Cause(received.envelope.correlation, received.envelope.id, received.envelope.district)
            await self._write.execute(step.aggregate, step.id, step.decide, cause, alongside=alongside)
            return

        async def enter(session: Session) -> None:
            ids = [document["_id"] for document in step.documents]
            found = self._mongo[step.collection].find({"_id": {"$in": ids}}, {"_id": 1}, session=session)
            known = {document["_id"] async for document in found}
            if fresh := [document for document in step.documents if document["_id"] not in known]:
                await self._mongo[step.collection].insert_many(fresh, session=session)
            await alongside(session)

        await retrying(lambda: self._mongo.transact(enter))
        step.entered()

    async def _taken(self, received: Received) -> set[int]:
        """Read which steps of this event were already committed."""
        position = await self._mongo[POSITIONS].find_one({"_id": self._at(received)}) or {}
        done = position.get("done") or {}
        return set(done["steps"]) if done.get("sequence") == received.sequence else set()

    async def _tick(self, received: Received, number: int, last: int | None, session: Session) -> None:
        id = self._at(received)
        position = await self._mongo[POSITIONS].find_one({"_id": id}, session=session) or {"sequence": 0}
        if position["sequence"] != (last or 0):
            raise Superseded
        done = position.get("done") or {}
        before = done["steps"] if done.get("sequence") == received.sequence else []
        if number in before:
            raise Superseded
        change = {"$set": {"done": {"sequence": received.sequence, "steps": [*before, number]}}, "$setOnInsert": {"sequence": 0}}
        with duplicate_as(Superseded):
            await self._mongo[POSITIONS].update_one({"_id": id}, change, upsert=True, session=session)

    async def _finish(self, received: Received, last: int | None, was_kept: bool, session: Session) -> None:
        lane, name = received.lane, self._consumer
        read = await positions_of(self._mongo, name, [lane], session) if last is None else {lane: last}
        if last is None and read.get(lane):
            raise Superseded
        await advance(self._mongo, name, read, {lane: received.sequence}, session)
        if was_kept:
            await leave(self._mongo, name, lane, received.sequence, session)

    def _at(self, received: Received) -> str:
        return f"{self._consumer}|{received.lane}"
