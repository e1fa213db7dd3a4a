"""The snapshot of a full rebuild as bytes."""

from dataclasses import replace

from services.matching.ranking import ShortlistIndex
from services.matching.ranking.corpus.snapshot import restore, serialize
from tests.matching.ranking.factories import firm, need, offer

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
