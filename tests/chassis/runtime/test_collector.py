"""What is measured each second costs little, however much waits."""

from datetime import UTC, datetime, timedelta

from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import INDEXES, WAITING
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.chassis.runtime.collector import measure_held
from shared.chassis.telemetry.metrics_and_traces import Metrics

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


async def test_what_waits_is_counted_without_reading_it(settings: Settings) -> None:
    mongo, metrics = Mongo(settings.mongo_url, settings.named("measured"), 10), Metrics()
    await ensure_indexes(mongo, {WAITING: INDEXES})
    since = [NOW - timedelta(seconds=number) for number in range(9)]
    await mongo[WAITING].insert_many(
        [{"consumer": "a.b", "kind": "gap", "since": moment, "record": {"value": b"x"}} for moment in since]
    )
    await mongo.database.command("profile", 2)
    await measure_held(mongo, metrics, NOW)
    await mongo.database.command("profile", 0)
    [looked] = await mongo["system.profile"].find({"op": "command", "command.aggregate": WAITING}).to_list(None)
    assert (looked["docsExamined"], looked["keysExamined"]) == (0, 9)
    assert metrics.waiting.labels("a.b", "gap")._value.get() == 9
    assert metrics.waiting_age.labels("a.b", "gap")._value.get() == 8
    mongo.close()
