"""A snapshot stored and read back."""

from dataclasses import replace

import numpy as np
import pytest

from services.matching.ranking import ShortlistIndex
from services.matching.ranking.corpus.snapshot import restore, serialize
from services.matching.ranking.rules.popularity import Popularity
from services.matching.ranking.shortlist_index import Snapshot
from services.matching.ranking.text.vectorizer import Vocabulary
from tests.matching.ranking.factories import firm, need, offer

GROUP = [firm("a", needs=(need("Laser cutting of marble"),)), firm("b", offers=(offer("Laser for cutting"),))]


def test_a_restored_snapshot_ranks_exactly_as_the_stored_one():
    snapshot = ShortlistIndex(GROUP).snapshot
    restored = restore(serialize(snapshot))
    changed = [*GROUP, firm("c", offers=(offer("Cutting of marble, zircon"),))]
    lists = [ShortlistIndex(changed, snapshot=basis).shortlist("a") for basis in (snapshot, restored)]
    assert lists[0] == lists[1]
    assert {suggestion.partner for suggestion in lists[0]["b2b"]} == {"b", "c"}


def test_words_with_accents_weights_and_popularity_are_kept():
    vocabulary = Vocabulary([("città tranvia", "it"), ("tranvia", "it")], np.array([True, True]))
    restored = restore(serialize(Snapshot(vocabulary, Popularity({"b2b": {"a": 0.125}}))))
    assert restored is not None
    words, weights, unseen = restored.vocabulary.table()
    expected_words, expected_weights, expected_unseen = vocabulary.table()
    assert (words, weights.tolist(), unseen) == (expected_words, expected_weights.tolist(), expected_unseen)
    assert restored.popularity == Popularity({"b2b": {"a": 0.125}})


def test_no_snapshot_is_stored_as_no_bytes():
    assert serialize(None) == b""
    assert restore(b"") is None


def test_other_bytes_are_refused():
    with pytest.raises(ValueError, match="pickle"):
        restore(b"no snapshot")


MAKER, USER = firm("a", offers=(offer("Laser cutting of marble"),)), firm("b", needs=(need("Laser cutting of slabs"),))


def test_a_snapshot_is_the_same_when_it_is_restored():
    index = ShortlistIndex([MAKER, USER, replace(MAKER, id="c", offers=(offer("Tessuti in lana per telai", language="it"),))])
    changed = [replace(MAKER, offers=(offer("Laser cutting of lana e telai"),)), USER]
    snapshot = serialize(index.snapshot)
    assert ShortlistIndex(changed, snapshot=restore(snapshot)).shortlist("b") == ShortlistIndex(
        changed, snapshot=index.snapshot
    ).shortlist("b")
    assert serialize(restore(snapshot)) == snapshot
    assert restore(serialize(None)) is None
    silent = ShortlistIndex([firm("a")]).snapshot
    later = ShortlistIndex([MAKER, USER], snapshot=restore(serialize(silent)))
    assert later.shortlist("b") == ShortlistIndex([MAKER, USER], snapshot=silent).shortlist("b")
    assert [suggestion.partner for suggestion in later.shortlist("b")["b2b"]] == ["a"]
