"""The checks of a drill: what agrees is silent, and each thing that can be wrong is called by its name."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import BrokerageEventAnnounced, RegistrationOpened
from shared.contracts.registry import MemberApplied, MemberApproved, MemberWithdrawn
from tests.tools.chaos.factories import MEMBER, MOMENT, approved, ledger, message, record, revised
from tools.chaos.expectations import Effect
from tools.chaos.verify_messages import Disturbance, check_deliveries, check_mails, check_messages, owed_messages, owed_to_all
from tools.chaos.verify_stores import compare_views
from tools.chaos.verify_topics import check_topics, read_topic


def wrong(*records: Any) -> list[str]:
    told = read_topic(topics.MEMBERS, [list(records)])
    found = [*told.findings, *check_topics(ledger(), {topics.MEMBERS.name: told})]
    return sorted({finding.wrong for finding in found})


def test_each_command_once_and_in_order_is_sound() -> None:
    assert wrong(approved(), revised()) == []


def test_copies_of_records_are_no_effects() -> None:
    assert wrong(approved(), revised(), revised(), approved()) == []


@pytest.mark.parametrize(
    ("records", "named"),
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
def test_what_is_wrong_on_a_topic_is_named(records: list[Any], named: list[str]) -> None:
    assert wrong(*records) == named


def test_two_commands_acknowledged_as_one_version_are_a_loss() -> None:
    book = ledger()
    book.acknowledge(Effect(topics.MEMBERS, MEMBER, 2, (MemberApproved,)))
    told = read_topic(topics.MEMBERS, [[approved(), revised()]])
    assert "lost" in {finding.wrong for finding in check_topics(book, {topics.MEMBERS.name: told})}


def test_an_aggregate_in_two_partitions_is_out_of_order() -> None:
    assert [one.wrong for one in read_topic(topics.MEMBERS, [[approved()], [revised()]]).findings] == ["out_of_order"]


def test_messages_are_owed_once() -> None:
    told = {topics.MEMBERS.name: read_topic(topics.MEMBERS, [[approved(), revised()]])}
    owed = owed_messages(ledger(), told)
    assert list(check_messages(owed, [message()])) == []
    assert [one.wrong for one in check_messages(owed, [])] == ["lost"]
    assert [one.wrong for one in check_messages(owed, [message(), message(id="n2")])] == ["duplicated"]
    assert [one.wrong for one in check_messages(owed, [{**message(), "mail": {"status": "queued"}}])] == ["stuck"]


def test_all_members_of_before_are_owed_what_all_are_told() -> None:
    def at(seconds: int, sequence: int, kind: type[DomainEvent], data: dict[str, Any], key: str) -> Any:
        return record(sequence, kind.TYPE, json.dumps(data), key=key, time=MOMENT + timedelta(seconds=seconds))

    members = [at(0, 1, MemberApplied, {"districts": ["marble"]}, id) for id in ("early", "late", "gone", "applicant")]
    members.append(at(0, 1, MemberApplied, {"districts": ["fashion"]}, "tailor"))
    members += [at(20 if id == "late" else 5, 2, MemberApproved, {}, id) for id in ("early", "late", "gone", "tailor")]
    members.append(at(6, 3, MemberWithdrawn, {}, "gone"))
    fair = [at(10, 1, BrokerageEventAnnounced, {"districts": ["marble"]}, "fair"), at(30, 2, RegistrationOpened, {}, "fair")]
    told = {topics.MEMBERS.name: read_topic(topics.MEMBERS, [members]), topics.BROKERAGE.name: read_topic(topics.BROKERAGE, [fair])}
    owed = owed_to_all(told)
    assert sorted(owed.elements()) == [
        ("event-announced", "early", "fair-1"),
        ("registration-open", "early", "fair-2"),
        ("registration-open", "late", "fair-2"),
    ]
    assert [one.wrong for one in check_messages(owed, [])] == ["lost"] * 3


def test_a_delivery_is_told_once() -> None:
    assert [one.wrong for one in check_deliveries([message()], read_topic(topics.DELIVERIES, [[]]))] == ["lost"]


def test_a_mail_may_come_again_only_where_it_was_in_flight() -> None:
    mails = [("<n1@distretti.example>", 100.0), ("<n1@distretti.example>", 120.0)]
    assert check_mails([message()], mails[:1], []) == ([], 0)
    assert check_mails([message()], mails, [Disturbance(101, 110)]) == ([], 1)
    findings, in_flight = check_mails([message()], mails, [Disturbance(110, 130)])
    assert ([one.wrong for one in findings], in_flight) == (["duplicated"], 0)
    assert [one.wrong for one in check_mails([message()], [], [])[0]] == ["lost"]
    assert [one.wrong for one in check_mails([message()], [*mails[:1], ("<x@y>", 100.0)], [])[0]] == ["duplicated"]


def test_views_are_compared_by_what_they_owe() -> None:
    owed = {"m": {"status": "approved", "offers": {"a", "b"}, "profile": {"summary": "new"}}}
    seen = {"m": {"status": "approved", "offers": {"a": 1, "b": 2}, "profile": {"summary": "new", "language": "it"}}}
    assert list(compare_views("v", owed, seen)) == []
    changed = {"m": {**seen["m"], "offers": {"a": 1, "c": 3}, "profile": {"summary": "old"}}, "x": {}}
    assert sorted(one.wrong for one in compare_views("v", owed, changed)) == ["duplicated", "duplicated", "lost", "lost"]
    assert [one.wrong for one in compare_views("v", owed, {})] == ["lost"]
