"""The ledger of acknowledged commands."""

from shared.contracts import topics
from tests.tools.chaos.factories import MEMBER, make_ledger
from tools.chaos.expectations import Effect, Ledger


def test_an_aggregate_must_have_the_newest_version_that_was_acknowledged_in_whatever_order() -> None:
    ledger = make_ledger()
    ledger.acknowledge(Effect(topics.MEMBERS, "m2", 4, ()))
    ledger.acknowledge(Effect(topics.MEMBERS, "m2", 3, ()))
    assert ledger.newest() == {(topics.MEMBERS.name, MEMBER): 2, (topics.MEMBERS.name, "m2"): 4}


def test_equal_ids_of_two_topics_are_two_aggregates() -> None:
    ledger = Ledger()
    ledger.acknowledge(Effect(topics.MEMBERS, "x", 1, ()))
    ledger.acknowledge(Effect(topics.BROKERAGE, "x", 2, ()))
    assert ledger.newest() == {(topics.MEMBERS.name, "x"): 1, (topics.BROKERAGE.name, "x"): 2}


def test_an_empty_ledger_expects_nothing() -> None:
    assert Ledger().newest() == {}
