"""Executes operators' actions inside the running service, under the consumer's own rules."""

from collections.abc import Callable
from datetime import datetime

import structlog

from shared.chassis.dead_letters.operator_actions import ACTIONS, complete_action
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.held_events import WAITING, release
from shared.chassis.inbox.message import from_document, reason_of, receive
from shared.chassis.inbox.positions import advance, is_temporary, positions_of
from shared.chassis.mongo import Document, Mongo, Session, retrying
from shared.contracts.envelope import Undecodable
from shared.contracts.topics import CATALOGUE

log = structlog.get_logger()
COMPACTED = {topic.name for topic in CATALOGUE if topic.compacted}
NOT_HELD = "gone", "it is no dead letter any more"


async def execute_action(mongo: Mongo, handler: Handler, action: Document, clock: Callable[[], datetime]) -> None:
    """Execute an action. A crash at any point leaves it pending, and its repetition ends the same way."""
    try:
        outcome, detail = await _execute(mongo, handler, action)
    except Exception as error:
        if is_temporary(error):
            raise
        outcome, detail = "failed", repr(error)
    await complete_action(mongo, action["_id"], outcome, detail, clock())
    log.info("operator_action", action=action["act"], consumer=handler.name, entry=action["short"], outcome=outcome)


async def _execute(mongo: Mongo, handler: Handler, action: Document) -> tuple[str, str]:
    entry = await mongo[WAITING].find_one({"_id": action["entry"]})
    if action["act"] == "drop":
        return await _drop(mongo, handler, action, entry)
    if action["lane"] is None:
        return await _retry_undecodable(mongo, handler, entry)
    if entry is not None:
        await handler.resume(action["lane"], action["sequence"])
    return await _outcome(mongo, handler.name, action["lane"], action["sequence"])


async def _drop(mongo: Mongo, handler: Handler, action: Document, entry: Document | None) -> tuple[str, str]:
    stream: str | None = action["lane"]
    if action["status"] == "asked":
        if entry is None:
            return NOT_HELD

        async def body(session: Session) -> None:
            requested = {"_id": action["_id"], "status": "asked"}
            change = {"status": "draining", "outcome": "dropped", "record": entry["record"]}
            if (await mongo[ACTIONS].update_one(requested, {"$set": change}, session=session)).matched_count:
                await _pass_over(mongo, handler.name, entry, session)

        if stream is not None and (refusal := await _refusal(mongo, handler.name, stream, action)):
            return "refused", refusal
        await retrying(lambda: mongo.transact(body))
    if stream is None:
        return "dropped", "it blocked nothing"
    await handler.resume(stream)
    position = (await positions_of(mongo, handler.name, [stream]))[stream].sequence
    return "dropped", await _progress(mongo, handler.name, stream, position)


async def _refusal(mongo: Mongo, consumer: str, stream: str, action: Document) -> str | None:
    """Why a drop is refused: it passes over one event, never over others that are still to arrive."""
    position = (await positions_of(mongo, consumer, [stream]))[stream].sequence
    if action["topic"] in COMPACTED or position >= action["sequence"] - 1:
        return None
    return f"the stream is at {position}: events before this one are still to arrive"


async def _pass_over(mongo: Mongo, consumer: str, entry: Document, session: Session) -> None:
    stream, sequence = entry["lane"], entry["sequence"]
    if stream is not None:
        read = await positions_of(mongo, consumer, [stream], session)
        if read[stream].sequence < sequence:
            await advance(mongo, consumer, read, {stream: sequence}, session)
        await release(mongo, consumer, stream, sequence, session)
    await mongo[WAITING].delete_one({"_id": entry["_id"]}, session=session)


async def _retry_undecodable(mongo: Mongo, handler: Handler, entry: Document | None) -> tuple[str, str]:
    if entry is None:
        return NOT_HELD
    try:
        received = receive(from_document(entry["record"]))
    except Undecodable as error:
        await mongo[WAITING].update_one({"_id": entry["_id"]}, {"$set": {"reason": reason_of(error)}})
        return "parked", str(error)
    await handler.consume([received])
    await mongo[WAITING].delete_one({"_id": entry["_id"]})
    return await _outcome(mongo, handler.name, received.stream, received.sequence)


async def _outcome(mongo: Mongo, consumer: str, stream: str, sequence: int) -> tuple[str, str]:
    """What became of an event. The position says whether it is applied, by whichever replica."""
    position = (await positions_of(mongo, consumer, [stream]))[stream].sequence
    if position >= sequence:
        # A replica that lagged behind the others may have held it, or made it a dead letter, after they applied it.
        await mongo[WAITING].delete_many({"consumer": consumer, "lane": stream, "sequence": {"$lte": position}})
        return "applied", await _progress(mongo, consumer, stream, position)
    entry = await mongo[WAITING].find_one({"consumer": consumer, "lane": stream, "sequence": sequence})
    return (entry["kind"], entry["reason"]) if entry else NOT_HELD


async def _progress(mongo: Mongo, consumer: str, stream: str, position: int) -> str:
    held = await mongo[WAITING].count_documents({"consumer": consumer, "lane": stream})
    return f"the stream is at {position}, {held or 'nothing'} waits"
