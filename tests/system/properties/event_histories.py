"""Histories made by the rules, and every way a broker may deliver them: repeated, out of order, cut into batches."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from shared.chassis.inbox.message import Received
from shared.contracts.topics import Topic
from tests.system.properties.command_strategies import ACTS
from tests.system.properties.in_memory_world import received
from tests.system.properties.initial_history import begun

Batches = list[list[Received]]


@st.composite
def histories(draw: st.DrawFn, max_acts: int = 10) -> list[Received]:
    """What happened in all services, in the order in which it happened."""
    world = begun()
    for act in draw(st.lists(st.one_of(*ACTS.values()), max_size=max_acts)):
        act(world)
    return [received(event, number) for number, event in enumerate(world.published, 1)]


@dataclass(frozen=True)
class Disorder:
    """How events are mixed up: by numbers that any list of events can be mixed up with."""

    keys: tuple[int, ...]
    repeats: tuple[int, ...]
    cuts: tuple[int, ...]

    def of(self, events: Sequence[Received]) -> Batches:
        """Deliver these events, each at least once."""
        if not events:
            return []
        delivered = [*events, *(events[number % len(events)] for number in self.repeats)]
        keyed = zip(itertools.cycle(self.keys), itertools.count(), delivered, strict=False)
        mixed = [event for _, _, event in sorted(keyed, key=lambda item: item[:2])]
        edges = [0, *sorted(cut % (len(mixed) + 1) for cut in self.cuts), len(mixed)]
        return [mixed[start:end] for start, end in itertools.pairwise(edges) if start < end]


disorders = st.builds(
    Disorder,
    keys=st.lists(st.integers(0, 30), min_size=1, max_size=30).map(tuple),
    repeats=st.lists(st.integers(0, 50), max_size=8).map(tuple),
    cuts=st.lists(st.integers(0, 60), max_size=6).map(tuple),
)


def on(topics: Sequence[Topic], history: Sequence[Received]) -> list[Received]:
    """The events of a history that are on these topics."""
    names = {topic.name for topic in topics}
    return [event for event in history if event.record.topic in names]


def reached(events: Sequence[Received]) -> dict[str, int]:
    """The position of each stream once everything has been applied."""
    return {event.stream: event.sequence for event in sorted(events, key=lambda event: event.sequence)}
