"""Fetches raw records by FastStream, in a consumer group; offsets are committed by the inbox alone."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from shared.chassis.config import Settings

FETCH_BYTES, PARTITION_BYTES = 8_388_608, 1_048_576


async def pass_raw(record: Any) -> KafkaAckableMessage:
    """Pass a record on undecoded: FastStream's own parser fails on null and non-UTF-8 headers, and obeys reply_to."""
    return KafkaAckableMessage(body=b"", headers={}, raw_message=record, consumer=record)


async def unwrap_raw(message: Any) -> Any:
    """Hand the raw record to the handler."""
    return message.raw_message


class Subscription:
    """A FastStream subscription that calls `handle` with one raw record at a time, and awaits it."""

    def __init__(
        self,
        broker: KafkaBroker,
        settings: Settings,
        group: str,
        topics: Iterable[str],
        listener: ConsumerRebalanceListener,
        handle: Callable[[Any], Awaitable[None]],
    ) -> None:
        session = int(settings.kafka_session_timeout * 1000)
        self._subscriber = broker.subscriber(
            *topics,
            group_id=settings.named(group),
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            parser=pass_raw,
            decoder=unwrap_raw,
            listener=listener,
            session_timeout_ms=session,
            # A rebalance waits for the next heartbeat of every member.
            heartbeat_interval_ms=min(1000, session // 5),
            fetch_max_wait_ms=500,
            # The client fetches nothing of a partition while it has unapplied records of it: these limits bound its memory.
            fetch_max_bytes=FETCH_BYTES,
            max_partition_fetch_bytes=PARTITION_BYTES,
        )
        self._subscriber(handle)

    @property
    def kafka(self) -> AIOKafkaConsumer:
        """The client underneath, once started."""
        assert self._subscriber.consumer is not None
        return self._subscriber.consumer

    async def stop(self) -> None:
        """Finish the current record (FastStream waits for it), then leave the group."""
        await self._subscriber.stop()
