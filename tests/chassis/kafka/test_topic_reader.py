"""Whoever reads topics whole ends with a reason when Kafka gives nothing any more."""

from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from shared.chassis.audit.topic_log import TopicLog
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.kafka import topic_reader
from shared.chassis.kafka.topic_reader import KafkaSilent, read_partition
from shared.chassis.rebuild.shadow_fold import ShadowFold
from shared.contracts.topics import MEMBERS
from tests.chassis.sample_service import MEMBERS_SEEN

PLACE = TopicPartition(MEMBERS.name, 0)


class SilentKafka:
    """A client whose broker has gone: it knows that there are records, and none comes."""

    async def beginning_offsets(self, places: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 0)

    async def end_offsets(self, places: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 5)

    async def position(self, _place: object) -> int:
        return 0

    async def getmany(self, *_places: object, **_limits: object) -> dict[TopicPartition, Any]:
        return {}

    def assign(self, _places: object) -> None:
        pass

    def seek(self, _place: object, _offset: int) -> None:
        pass

    def pause(self, *_places: object) -> None:
        pass

    resume = pause

    def assignment(self) -> set[TopicPartition]:
        return {PLACE}


async def test_a_silent_broker_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_reader, "SILENT_SECONDS", 0)
    silent, settings = cast(Any, SilentKafka()), Settings()

    async def folded(_count: int) -> None:
        pass

    with pytest.raises(KafkaSilent):
        await TopicLog(silent, settings).read(MEMBERS, 0)
    with pytest.raises(KafkaSilent):
        await anext(read_partition(silent, PLACE, 5))
    shadow = ShadowFold(cast(Any, None), MEMBERS_SEEN, settings, utc_now)
    shadow._kafka = silent
    with pytest.raises(KafkaSilent):
        await shadow.catch_up(folded)
