"""Any commands in any order on every aggregate: its events tell its state whole, and no rule does but emit or refuse."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from distretti.ops.services import declarations
from shared.chassis.audit.compare import canonical, first_difference
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts.topics import CATALOGUE
from tests.system.properties.command_strategies import ACTS
from tests.system.properties.example_counts import examples
from tests.system.properties.in_memory_world import Act, PublishedEvent, stored
from tests.system.properties.in_memory_world import read as from_bson
from tests.system.properties.initial_history import begun

AGGREGATES: dict[str, Aggregate[Any]] = {
    aggregate.topic.name: aggregate for service in declarations() for aggregate in service.aggregates
}


def test_every_aggregate_has_commands() -> None:
    assert AGGREGATES.keys() == ACTS.keys() == {topic.name for topic in CATALOGUE}


def folded(aggregate: Aggregate[Any], id: str, history: list[PublishedEvent]) -> Any:
    """The state as its events tell it, read back from JSON, each step from what the store would give."""
    state: Any = None
    for event in history:
        if (event.aggregate.name, event.id) == (aggregate.name, id):
            read = type(event.event).model_validate_json(event.event.model_dump_json())
            assert read == event.event
            state = from_bson(aggregate, stored(aggregate.dump(aggregate.evolve(state, read))))
    return state


def in_memory(aggregate: Aggregate[Any], id: str, history: list[PublishedEvent]) -> Any:
    """The same without ever going through the store."""
    state: Any = None
    for event in history:
        if (event.aggregate.name, event.id) == (aggregate.name, id):
            state = aggregate.evolve(state, event.event)
    return state


@pytest.mark.parametrize("topic", AGGREGATES)
def test_its_events_tell_an_aggregate_whole(topic: str) -> None:
    @examples(usual=15, extended=600)
    @given(st.lists(ACTS[topic] | st.one_of(*ACTS.values()), max_size=10))
    @example([])
    def hold(acts: list[Act]) -> None:
        world = begun()
        for act in acts:
            act(world)
        assert all(400 <= refusal.status < 500 and texts.localized(refusal.message) for texts, refusal in world.refusals)
        for name, id in world.states:
            aggregate = next(candidate for candidate in AGGREGATES.values() if candidate.name == name)
            state = canonical(aggregate.dump(world.state(aggregate, id)))
            from_store, from_memory = folded(aggregate, id, world.published), in_memory(aggregate, id, world.published)
            assert first_difference(state, canonical(aggregate.dump(from_store))) is None
            assert first_difference(state, canonical(aggregate.dump(from_memory))) is None
            claims = set(aggregate.claims(id, from_memory))
            assert claims == set(aggregate.claims(id, from_store)) == set(aggregate.claims(id, world.state(aggregate, id)))

    hold()
