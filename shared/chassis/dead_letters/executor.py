"""Carries out what operators asked, inside the running service and under its own rules."""

from collections.abc import Callable
from datetime import datetime

import structlog

from shared.chassis.dead_letters.operator_actions import ACTS, end
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.held_events import WAITING, leave
from shared.chassis.inbox.message import from_document, reason_of, receive
from shared.chassis.inbox.positions import advance, is_temporary, positions_of
from shared.chassis.mongo import Document, Mongo, Session, retrying
from shared.contracts.envelope import Undecodable
from shared.contracts.topics import CATALOGUE

log = structlog.get_logger()
COMPACTED = {topic.name for topic in CATALOGUE if topic.compacted}


async def carry_out(mongo: Mongo, handler: Handler, act: Document, clock: Callable[[], datetime]) -> None:
    """Do one act. A crash at any point leaves it pending, and doing it again ends the same way."""
    try:
        outcome, said = await _carry_out(mongo, handler, act)
    except Exception as error:
        if is_temporary(error):
            raise
        outcome, said = "failed", repr(error)
    await end(mongo, act["_id"], outcome, said, clock())
    log.info("parked_act", act=act["act"], consumer=handler.name, entry=act["short"], outcome=outcome)


async def _carry_out(mongo: Mongo, handler: Handler, act: Document) -> tuple[str, str]:
    entry = await mongo[WAITING].find_one({"_id": act["entry"]})
    if act["act"] == "drop":
        return await _drop(mongo, handler, act, entry)
    if act["lane"] is None:
        return await _retry_undecodable(mongo, handler, entry)
    if entry is not None:
        await handler.resume(act["lane"], act["sequence"])
    return await _how_it_is(mongo, handler.name, act["lane"], act["sequence"])


async def _drop(mongo: Mongo, handler: Handler, act: Document, entry: Document | None) -> tuple[str, str]:
    lane: str | None = act["lane"]
    if act["status"] == "asked":
        if entry is None:
            return "gone", "it is parked no more"

        async def body(session: Session) -> None:
            kept = {"status": "draining", "outcome": "dropped", "record": entry["record"]}
            asked = await mongo[ACTS].update_one({"_id": act["_id"], "status": "asked"}, {"$set": kept}, session=session)
            if asked.matched_count:
                await _pass_over(mongo, handler.name, entry, session)

        if lane is not None and (missing := await _missing_before(mongo, handler.name, lane, act)):
            return "refused", missing
        await retrying(lambda: mongo.transact(body))
    if lane is None:
        return "dropped", "it held up nothing"
    await handler.resume(lane)
    position = (await positions_of(mongo, handler.name, [lane]))[lane].sequence
    return "dropped", await _said(mongo, handler.name, lane, position)


async def _missing_before(mongo: Mongo, consumer: str, lane: str, act: Document) -> str | None:
    """A drop passes over one event, never over others that are still to come."""
    position = (await positions_of(mongo, consumer, [lane]))[lane].sequence
    if act["topic"] in COMPACTED or position >= act["sequence"] - 1:
        return None
    return f"the lane is at {position}: events before this one are still to come"


async def _pass_over(mongo: Mongo, consumer: str, entry: Document, session: Session) -> None:
    lane, sequence = entry["lane"], entry["sequence"]
    if lane is not None:
        read = await positions_of(mongo, consumer, [lane], session)
        if read[lane].sequence < sequence:
            await advance(mongo, consumer, read, {lane: sequence}, session)
        await leave(mongo, consumer, lane, sequence, session)
    await mongo[WAITING].delete_one({"_id": entry["_id"]}, session=session)


async def _retry_undecodable(mongo: Mongo, handler: Handler, entry: Document | None) -> tuple[str, str]:
    if entry is None:
        return "gone", "it is parked no more"
    try:
        received = receive(from_document(entry["record"]))
    except Undecodable as error:
        await mongo[WAITING].update_one({"_id": entry["_id"]}, {"$set": {"reason": reason_of(error)}})
        return "parked", str(error)
    await handler.consume([received])
    await mongo[WAITING].delete_one({"_id": entry["_id"]})
    return await _how_it_is(mongo, handler.name, received.lane, received.sequence)


async def _how_it_is(mongo: Mongo, consumer: str, lane: str, sequence: int) -> tuple[str, str]:
    """Say what became of an event: its position tells whether it is applied, whoever applied it."""
    position = (await positions_of(mongo, consumer, [lane]))[lane].sequence
    if position >= sequence:
        # One that was parked by a replica the others had overtaken lies here still.
        await mongo[WAITING].delete_many({"consumer": consumer, "lane": lane, "sequence": {"$lte": position}})
        return "applied", await _said(mongo, consumer, lane, position)
    entry = await mongo[WAITING].find_one({"consumer": consumer, "lane": lane, "sequence": sequence})
    return (entry["kind"], entry["reason"]) if entry else ("gone", "it is parked no more")


async def _said(mongo: Mongo, consumer: str, lane: str, position: int) -> str:
    later = await mongo[WAITING].count_documents({"consumer": consumer, "lane": lane})
    return f"the lane is at {position}, {later or 'nothing'} waits"
