"""Verifies messages and mails against the ledger: each expected message once, all its mails under one Message-ID."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.notices.rules.catalogue import BROADCASTS
from shared.contracts.envelope import Envelope
from shared.contracts.events import BrokerageEventAnnounced
from shared.contracts.notifications import MessageSent
from shared.contracts.registry import MemberApplied, MemberApproved, MemberWithdrawn
from shared.contracts.topics import BROKERAGE, DELIVERIES, MEMBERS
from tools.chaos.expectations import Ledger
from tools.chaos.findings import Finding
from tools.chaos.verify_topics import TopicContent

MessageKey = tuple[str, str, str]
"""Template, recipient and id of the event."""
SLACK_SECONDS = 2.0
TEMPLATES = {event.TYPE: template for event, template in BROADCASTS.items()}
BROADCAST_TEMPLATES = frozenset(TEMPLATES.values())


@dataclass(frozen=True)
class Disturbance:
    """A time in which a mail may have been in flight, from a fault to its recovery, in seconds since the epoch."""

    begin: float
    end: float


def expected_messages(ledger: Ledger, contents: Mapping[str, TopicContent]) -> Counter[MessageKey]:
    """Messages that must result from acknowledged commands; not those of lost events, which are a finding already."""
    expected: Counter[MessageKey] = Counter()
    for effect in ledger.effects:
        event = contents[effect.topic.name].events.get(effect.id, {}).get(effect.version)
        if event is not None:
            expected.update((template, recipient, event.id) for template, recipient in effect.messages)
    return expected


def expected_broadcasts(contents: Mapping[str, TopicContent]) -> Counter[MessageKey]:
    """Broadcasts about brokerage events, by the topics: to every member approved before and not withdrawn."""
    expected: Counter[MessageKey] = Counter()
    members = [_member(events.values()) for events in contents[MEMBERS.name].events.values()]
    for events in contents[BROKERAGE.name].events.values():
        announced = next((event for event in events.values() if event.type == BrokerageEventAnnounced.TYPE), None)
        districts = set(json.loads(announced.data)["districts"]) if announced else set()
        for event in events.values():
            if template := TEMPLATES.get(event.type):
                expected.update(
                    (template, member.id, event.id)
                    for member in members
                    if member.since and member.since <= event.time and districts & member.districts
                )
    return expected


@dataclass(frozen=True)
class _Member:
    id: str
    districts: frozenset[str]
    since: datetime | None
    """None where it is not approved, or has withdrawn."""


def _member(events: Iterable[Envelope]) -> _Member:
    by_type = {event.type: event for event in events}
    applied, approved = by_type.get(MemberApplied.TYPE), by_type.get(MemberApproved.TYPE)
    if applied is None or approved is None or MemberWithdrawn.TYPE in by_type:
        return _Member("", frozenset(), None)
    return _Member(applied.subject, frozenset(json.loads(applied.data)["districts"]), approved.time)


def check_messages(expected: Counter[MessageKey], messages: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Compare the inboxes: each message once, no other, every one mailed that is not history.

    A withdrawn member may have got a broadcast before it withdrew: these must be unique only.
    """
    stored = Counter((message["template"], message["recipient"], message["cause"]) for message in messages)
    for template, recipient, event in (expected - stored).elements():
        yield Finding("lost", "notifications.messages", f"{template} to {recipient} of event {event}")
    for template, recipient, event in (stored - expected).elements():
        if template in BROADCAST_TEMPLATES and stored[template, recipient, event] == 1:
            continue
        yield Finding("duplicated", "notifications.messages", f"{template} to {recipient} of event {event}")
    for message in to_mail(messages):
        if message["mail"]["status"] != "sent":
            yield Finding("stuck", "notifications.messages", f"the mail of {message['_id']} is {message['mail']['status']}")


def to_mail(messages: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Leave out what was over before its recipient had a contact: it is in the inbox alone."""
    return [message for message in messages if message["mail"]["status"] != "historical"]


def check_deliveries(messages: Sequence[Mapping[str, Any]], deliveries: TopicContent) -> Iterator[Finding]:
    """Every message has exactly one delivery event."""
    ids = {message["_id"] for message in messages}
    for id in ids - deliveries.events.keys():
        yield Finding("lost", f"{DELIVERIES.name} {id}", "the delivery has no event")
    for id, events in deliveries.events.items():
        if id not in ids:
            yield Finding("duplicated", f"{DELIVERIES.name} {id}", "it belongs to no message")
        elif list(events) != [1] or events[1].type != MessageSent.TYPE:
            yield Finding("duplicated", f"{DELIVERIES.name} {id}", f"it has {len(events)} events")


def check_mails(
    messages: Sequence[Mapping[str, Any]], mails: Sequence[tuple[str, float]], disturbances: Sequence[Disturbance]
) -> tuple[list[Finding], int]:
    """Compare mails, (Message-ID, seconds since the epoch); return findings and the number of repetitions in flight."""
    findings: list[Finding] = []
    arrivals: dict[str, list[float]] = defaultdict(list)
    for message_id, moment in mails:
        arrivals[message_id.strip("<>").partition("@")[0]].append(moment)
    ids = {message["mail"].get("digest") or message["_id"] for message in messages}
    findings += [Finding("lost", "mail", f"{id} was not sent") for id in ids - arrivals.keys()]
    findings += [Finding("duplicated", "mail", f"{id} belongs to no message") for id in arrivals.keys() - ids]
    in_flight = 0
    for id, moments in arrivals.items():
        for moment in sorted(moments)[:-1]:
            if any(_may_be_in_flight(moment, disturbance) for disturbance in disturbances):
                in_flight += 1
            else:
                findings.append(Finding("duplicated", "mail", f"{id} was sent twice, without a fault at {moment:.1f}"))
    return findings, in_flight


def _may_be_in_flight(moment: float, disturbance: Disturbance) -> bool:
    return disturbance.begin - SLACK_SECONDS <= moment <= disturbance.end + SLACK_SECONDS
