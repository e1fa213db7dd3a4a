"""The AsyncAPI description of a service, made by FastStream from the topic catalogue."""

from typing import Any, Union

from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from shared.contracts.topics import CATALOGUE


def describe(service: str) -> dict[str, Any]:
    """Describe the events a service sends and receives. This broker is never started: it only carries the catalogue."""
    broker = KafkaBroker()
    for topic in CATALOGUE:
        if topic.producer == service:
            retention = "compacted: the newest whole state of each key" if topic.compacted else "kept for ever"
            readers = ", ".join(topic.readers) or "none"
            broker.publisher(
                topic.name,
                title=topic.name,
                description=f"Key: aggregate id. {topic.partitions} partitions, {retention}. Readers: {readers}.",
                schema=Union[topic.events],  # noqa: UP007 - made at run time
            )
        elif service in topic.readers:

            async def receive(event: Union[topic.events]) -> None:  # type: ignore[name-defined]  # noqa: UP007
                """Only described."""

            broker.subscriber(topic.name, title=topic.name)(receive)
    title = f"Distretti: events of {service}"
    return dict(AsyncAPI(broker, title=title, version="1", schema_version="3.0.0").to_specification().to_jsonable())
