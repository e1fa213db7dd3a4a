"""Aggregates are read as typed states, on a real MongoDB."""

from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from shared.chassis.config import Settings
from shared.chassis.outbox.cause import Cause
from shared.chassis.writes.queries import find_aggregate, find_aggregates
from tests.chassis.write_path_fixture import applied, writing


async def test_aggregates_are_read_as_they_were_written(settings: Settings) -> None:
    async with writing(settings) as write:
        written = {
            id: await write.execute(MEMBER, id, lambda state, pic=pic: rules.apply(state, applied(pic=pic)), Cause("test"))  # type: ignore[misc]
            for id, pic in (("m2", "100000002"), ("m1", "100000001"))
        }
        member = await find_aggregate(write.mongo, MEMBER, "m1")
        assert member is not None
        assert (member.id, member.version, member.state) == ("m1", 1, written["m1"].state)
        assert await find_aggregate(write.mongo, MEMBER, "m3") is None
        members = await find_aggregates(write.mongo, MEMBER, {"state.status": "applied"})
        assert [stored.id for stored in members] == ["m1", "m2"]
