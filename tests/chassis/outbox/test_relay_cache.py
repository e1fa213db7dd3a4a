"""What the relay is given in memory, against a model of the outbox: order is kept, and nothing is forgotten."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.mongo import Document
from shared.chassis.outbox.relay_cache import RelayCache

KEYS = st.sampled_from("abc")
STEPS = st.lists(st.tuples(st.sampled_from(["here", "elsewhere", "take", "look", "crash"]), KEYS), max_size=60)


def event(key: str, sequence: int) -> Document:
    return {"topic": "t", "key": key, "sequence": sequence}


@given(STEPS, st.integers(1, 6))
def test_what_is_taken_is_always_next_and_the_rest_is_said_to_be_missing(steps: list[tuple[str, str]], capacity: int) -> None:
    cache = RelayCache(capacity)
    committed: dict[str, int] = defaultdict(int)
    sent: dict[str, int] = defaultdict(int)
    for step, key in steps:
        if step in ("here", "elsewhere"):
            committed[key] += 1
            if step == "here":
                cache.add([event(key, committed[key])])
        elif step == "take":
            known_before = dict(sent)
            ready = cache.take()
            for document in ready:
                assert document["sequence"] == sent[document["key"]] + 1
                sent[document["key"]] += 1
            cache.mark_sent(ready)
            assert ready or sent == known_before
        elif step == "look":
            cache.incomplete = False
            unsent = [
                event(aggregate_key, n)
                for aggregate_key, last in committed.items()
                for n in range(sent[aggregate_key] + 1, last + 1)
            ]
            sent.update(committed)
            cache.mark_sent(unsent)
        else:
            cache.clear()


def test_a_commit_behind_one_of_another_replica_is_left_to_the_outbox() -> None:
    cache = RelayCache(10)
    cache.add([event("a", 2), event("b", 1), event("b", 2)])
    assert [(document["key"], document["sequence"]) for document in cache.take()] == [("b", 1), ("b", 2)]
    assert cache.incomplete


def test_more_than_it_keeps_is_left_to_the_outbox() -> None:
    cache = RelayCache(2)
    cache.add([event("a", 1), event("a", 2), event("a", 3)])
    assert cache.take() == []
    assert cache.incomplete
