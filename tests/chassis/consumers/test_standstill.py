"""A topic that was created again stands still, alone, until it is accepted."""

from collections.abc import Set
from types import SimpleNamespace
from typing import Any

from shared.chassis.consumers.standstill import Standstill


class Membership:
    """What was paused and read from the beginning."""

    def __init__(self) -> None:
        self.paused: list[Set[str]] = []
        self.rewound: list[Set[str]] = []

    def pause(self, topics: Set[str]) -> None:
        self.paused.append(set(topics))

    async def rewind(self, topics: Set[str]) -> None:
        self.rewound.append(set(topics))


async def test_records_of_a_replaced_topic_are_left_and_read_from_the_beginning_when_it_is_accepted() -> None:
    replaced: set[str] = set()
    membership: Any = Membership()
    standstill = Standstill(membership, {"t-members": "members", "t-contacts": "contacts"}, lambda: replaced)
    records: Any = [SimpleNamespace(topic=topic) for topic in ("t-members", "t-contacts", "t-members")]
    assert standstill.usable(records) == records
    replaced |= {"members", "agendas"}
    assert standstill.topics() == {"members"}, "of another consumer's topics nothing stands still here"
    assert [record.topic for record in standstill.usable(records)] == ["t-contacts"]
    await standstill.resume()
    assert (membership.paused, membership.rewound) == ([{"members"}], [])
    replaced.clear()
    await standstill.resume()
    await standstill.resume()
    assert membership.rewound == [{"members"}], "once"
    assert standstill.usable(records) == records
