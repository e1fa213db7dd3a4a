"""Topics against the ledger: no finding where all agrees, and each violation by its name."""

from typing import Any

import pytest

from shared.contracts import topics
from shared.contracts.registry import MemberApproved
from tests.tools.chaos.factories import MEMBER, approved, make_ledger, record, revised, violations_of
from tools.chaos.expectations import Effect
from tools.chaos.verify_topics import check_topics, read_topic


def violations(*records: Any) -> list[str]:
    content = read_topic(topics.MEMBERS, [list(records)])
    return sorted({*violations_of([*content.findings, *check_topics(make_ledger(), {topics.MEMBERS.name: content})])})


def test_each_command_once_and_in_order_is_sound() -> None:
    assert violations(approved(), revised()) == []


def test_copies_of_records_are_no_effects() -> None:
    assert violations(approved(), revised(), revised(), approved()) == []


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([approved()], ["lost"]),
        ([approved(), revised(summary="another")], ["lost"]),
        ([revised(), approved()], ["out_of_order"]),
        ([approved(), revised(), approved(3)], ["duplicated"]),
        ([approved(), revised(), record(1, MemberApproved.TYPE, key="m2")], ["duplicated"]),
        ([approved(), record(1, MemberApproved.TYPE, id="again"), revised()], ["duplicated"]),
    ],
    ids=["missing", "overwritten", "swapped", "one more", "another aggregate", "two ids"],
)
def test_a_violation_on_a_topic_is_named(records: list[Any], expected: list[str]) -> None:
    assert violations(*records) == expected


def test_two_commands_acknowledged_as_one_version_are_a_loss() -> None:
    ledger = make_ledger()
    ledger.acknowledge(Effect(topics.MEMBERS, MEMBER, 2, (MemberApproved,)))
    content = read_topic(topics.MEMBERS, [[approved(), revised()]])
    assert "lost" in violations_of(check_topics(ledger, {topics.MEMBERS.name: content}))


def test_an_aggregate_in_two_partitions_is_out_of_order() -> None:
    assert violations_of(read_topic(topics.MEMBERS, [[approved()], [revised()]]).findings) == ["out_of_order"]
