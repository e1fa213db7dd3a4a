"""The verification of a chaos test: no finding where all agrees, and each violation by its name."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import BrokerageEventAnnounced, RegistrationOpened
from shared.contracts.registry import MemberApplied, MemberApproved, MemberWithdrawn
from tests.tools.chaos.factories import MEMBER, MOMENT, approved, make_ledger, message, record, revised
from tools.chaos.expectations import Effect
from tools.chaos.findings import Finding
from tools.chaos.verify_messages import (
    Disturbance,
    check_deliveries,
    check_mails,
    check_messages,
    expected_broadcasts,
    expected_messages,
)
from tools.chaos.verify_stores import compare_views
from tools.chaos.verify_topics import check_topics, read_topic


def violations_of(findings: Iterable[Finding]) -> list[str]:
    return [finding.violation for finding in findings]


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


def test_messages_are_expected_once() -> None:
    contents = {topics.MEMBERS.name: read_topic(topics.MEMBERS, [[approved(), revised()]])}
    expected = expected_messages(make_ledger(), contents)
    assert violations_of(check_messages(expected, [message()])) == []
    assert violations_of(check_messages(expected, [])) == ["lost"]
    assert violations_of(check_messages(expected, [message(), message(id="n2")])) == ["duplicated"]
    assert violations_of(check_messages(expected, [{**message(), "mail": {"status": "queued"}}])) == ["stuck"]


def test_broadcasts_are_expected_by_all_members_approved_before() -> None:
    def at(seconds: int, sequence: int, kind: type[DomainEvent], data: dict[str, Any], key: str) -> Any:
        return record(sequence, kind.TYPE, json.dumps(data), key=key, time=MOMENT + timedelta(seconds=seconds))

    members = [at(0, 1, MemberApplied, {"districts": ["marble"]}, id) for id in ("early", "late", "gone", "applicant")]
    members.append(at(0, 1, MemberApplied, {"districts": ["fashion"]}, "tailor"))
    members += [at(20 if id == "late" else 5, 2, MemberApproved, {}, id) for id in ("early", "late", "gone", "tailor")]
    members.append(at(6, 3, MemberWithdrawn, {}, "gone"))
    fair = [at(10, 1, BrokerageEventAnnounced, {"districts": ["marble"]}, "fair"), at(30, 2, RegistrationOpened, {}, "fair")]
    contents = {
        topics.MEMBERS.name: read_topic(topics.MEMBERS, [members]),
        topics.BROKERAGE.name: read_topic(topics.BROKERAGE, [fair]),
    }
    expected = expected_broadcasts(contents)
    assert sorted(expected.elements()) == [
        ("event-announced", "early", "fair-1"),
        ("registration-open", "early", "fair-2"),
        ("registration-open", "late", "fair-2"),
    ]
    assert violations_of(check_messages(expected, [])) == ["lost"] * 3


def test_a_delivery_without_an_event_is_lost() -> None:
    assert violations_of(check_deliveries([message()], read_topic(topics.DELIVERIES, [[]]))) == ["lost"]


def test_a_mail_may_be_repeated_only_where_it_was_in_flight() -> None:
    mails = [("<n1@distretti.example>", 100.0), ("<n1@distretti.example>", 120.0)]
    assert check_mails([message()], mails[:1], []) == ([], 0)
    assert check_mails([message()], mails, [Disturbance(101, 110)]) == ([], 1)
    findings, in_flight = check_mails([message()], mails, [Disturbance(110, 130)])
    assert (violations_of(findings), in_flight) == (["duplicated"], 0)
    assert violations_of(check_mails([message()], [], [])[0]) == ["lost"]
    assert violations_of(check_mails([message()], [*mails[:1], ("<x@y>", 100.0)], [])[0]) == ["duplicated"]


def test_read_models_are_compared_by_the_expected_fields() -> None:
    expected = {"m": {"status": "approved", "offers": {"a", "b"}, "profile": {"summary": "new"}}}
    documents = {"m": {"status": "approved", "offers": {"a": 1, "b": 2}, "profile": {"summary": "new", "language": "it"}}}
    assert violations_of(compare_views("v", expected, documents)) == []
    changed = {"m": {**documents["m"], "offers": {"a": 1, "c": 3}, "profile": {"summary": "old"}}, "x": {}}
    assert sorted(violations_of(compare_views("v", expected, changed))) == ["duplicated", "duplicated", "lost", "lost"]
    assert violations_of(compare_views("v", expected, {})) == ["lost"]
