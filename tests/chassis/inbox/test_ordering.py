"""The inbox's rule of order, as a property: any delivery of the same events ends the same."""

import itertools
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.inbox.ordering import put_in_order


@dataclass(frozen=True)
class Item:
    sequence: int


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[int, list[list[int]]]:
    """Events 1..n, each at least once, repeated and shuffled, cut into batches."""
    count = draw(st.integers(1, 12))
    repeated = draw(st.lists(st.integers(1, count), max_size=20))
    order = draw(st.permutations([*range(1, count + 1), *repeated]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=5)))
    edges = [0, *cuts, len(order)]
    return count, [order[a:b] for a, b in itertools.pairwise(edges)]


@given(deliveries())
def test_every_event_is_ready_once_and_in_order(delivery: tuple[int, list[list[int]]]) -> None:
    count, batches = delivery
    last, waiting, applied = 0, [], []
    for batch in batches:
        result = put_in_order(last, map(Item, batch), waiting, {}, dense=True)
        applied += [item.sequence for item in result.ready]
        last = applied[-1] if applied else 0
        waiting = [item for item in [*waiting, *result.held] if item.sequence > last]
    assert applied == list(range(1, count + 1))
    assert waiting == []


@given(deliveries(), st.integers(1, 12))
def test_nothing_passes_a_dead_letter(delivery: tuple[int, list[list[int]]], dead_letter: int) -> None:
    count, batches = delivery
    last, waiting = 0, [Item(dead_letter)]
    for batch in batches:
        result = put_in_order(last, map(Item, batch), waiting, {dead_letter: "poison"}, dense=True)
        last = result.ready[-1].sequence if result.ready else last
        waiting += result.held
    assert last == min(dead_letter - 1, count)


@given(st.integers(0, 5), st.lists(st.integers(1, 12)))
def test_on_a_compacted_topic_every_newer_event_is_ready(last: int, arrived: list[int]) -> None:
    result = put_in_order(last, map(Item, arrived), [], {}, dense=False)
    assert [item.sequence for item in result.ready] == sorted({sequence for sequence in arrived if sequence > last})
    assert result.held == []
    assert len(result.ready) + result.dropped == len(arrived)
