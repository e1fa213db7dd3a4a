"""The AsyncAPI description of a service."""

import pytest

from shared.chassis.kafka.asyncapi import describe
from shared.contracts.topics import CATALOGUE


@pytest.mark.parametrize("service", sorted({topic.producer for topic in CATALOGUE}))
def test_the_asyncapi_description_has_every_topic_of_a_service(service: str) -> None:
    described = describe(service)
    concerned = {topic for topic in CATALOGUE if topic.producer == service or service in topic.readers}
    assert set(described["channels"]) == {topic.name for topic in concerned}
    actions = {operation["channel"]["$ref"].split("/")[-1]: operation["action"] for operation in described["operations"].values()}
    assert actions == {topic.name: "send" if topic.producer == service else "receive" for topic in concerned}
    payloads = str(described["components"])
    assert [event.__name__ for topic in concerned for event in topic.events if event.__name__ not in payloads] == []
