"""Messages and mails against the ledger: no finding where all agrees, and each violation by its name."""

import json
from datetime import timedelta
from typing import Any

from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import BrokerageEventAnnounced, RegistrationOpened
from shared.contracts.registry import MemberApplied, MemberApproved, MemberWithdrawn
from tests.tools.chaos.factories import MOMENT, approved, make_ledger, message, record, revised, violations_of
from tools.chaos.verify_messages import (
    Disturbance,
    check_deliveries,
    check_mails,
    check_messages,
    expected_broadcasts,
    expected_messages,
)
from tools.chaos.verify_topics import read_topic


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
    summed_up = [{**message(id=id), "mail": {"digest": "n1"}} for id in ("n1", "n2")]
    assert check_mails(summed_up, mails[:1], []) == ([], 0)
    assert check_mails([message()], mails, [Disturbance(101, 110)]) == ([], 1)
    findings, in_flight = check_mails([message()], mails, [Disturbance(110, 130)])
    assert (violations_of(findings), in_flight) == (["duplicated"], 0)
    assert violations_of(check_mails([message()], [], [])[0]) == ["lost"]
    assert violations_of(check_mails([message()], [*mails[:1], ("<x@y>", 100.0)], [])[0]) == ["duplicated"]
