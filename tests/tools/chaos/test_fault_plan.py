"""The schedule of faults: repeatable, even, and complete when it is long enough."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tools.chaos.fault_plan import Targets, choices, make_schedule

TARGETS = Targets(("events", "matching", "notifications", "registry"), "notifications", ("registry.members", "events.meetings"))
SEEDS = st.integers(0, 2**32)


@given(SEEDS, st.integers(1, 60))
def test_the_same_seed_gives_the_same_schedule(seed: int, faults: int) -> None:
    drawn = make_schedule(faults, seed, TARGETS)
    assert len(drawn) == faults
    assert drawn == make_schedule(faults, seed, TARGETS)
    assert drawn == make_schedule(60, seed, TARGETS)[:faults]


@given(SEEDS, st.integers(1, 60))
def test_every_choice_comes_once_before_any_comes_again(seed: int, faults: int) -> None:
    possible = {label for _, label, _ in choices(TARGETS)}
    times = Counter(fault.label for fault in make_schedule(faults, seed, TARGETS))
    assert max(times.values()) - min(times[label] for label in possible) <= 1


def test_every_process_is_killed_and_paused() -> None:
    drawn = {(fault.kind, fault.target) for fault in make_schedule(17, 1, TARGETS)}
    for name in (*TARGETS.services, "mongod", "kafka"):
        assert {("kill", name), ("pause", name)} <= drawn


def test_only_keeps_to_some_kinds() -> None:
    assert {fault.kind for fault in make_schedule(9, 1, TARGETS, only=("duplicate", "rewind"))} == {"duplicate", "rewind"}
