"""The ledger against messages and mails: each owed message once, each of its mails under one Message-ID."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.notices.catalogue import BROADCASTS
from shared.contracts.envelope import Envelope
from shared.contracts.events import BrokerageEventAnnounced
from shared.contracts.notifications import MessageSent
from shared.contracts.registry import MemberApplied, MemberApproved, MemberWithdrawn
from shared.contracts.topics import BROKERAGE, DELIVERIES, MEMBERS
from tools.chaos.expectations import Ledger
from tools.chaos.findings import Finding
from tools.chaos.verify_topics import Told

Owed = tuple[str, str, str]
"""Template, recipient and the event it follows from."""
SLACK_SECONDS = 2.0
TEMPLATES = {event.TYPE: template for event, template in BROADCASTS.items()}
TOLD_TO_ALL = frozenset(TEMPLATES.values())


@dataclass(frozen=True)
class Disturbance:
    """A time in which a mail may have been in flight: seconds since the epoch, from a fault to the recovery from it."""

    begin: float
    end: float


def owed_messages(ledger: Ledger, told: Mapping[str, Told]) -> Counter[Owed]:
    """Say which messages follow from the acknowledged commands; those whose event is lost are not asked for too."""
    owed: Counter[Owed] = Counter()
    for effect in ledger.effects:
        event = told[effect.topic.name].events.get(effect.id, {}).get(effect.version)
        if event is not None:
            owed.update((template, recipient, event.id) for template, recipient in effect.tells)
    return owed


def owed_to_all(told: Mapping[str, Told]) -> Counter[Owed]:
    """Say who is to be told of brokerage events by what is on the topics: whoever was approved before, and has not left."""
    owed: Counter[Owed] = Counter()
    members = [_member(events.values()) for events in told[MEMBERS.name].events.values()]
    for events in told[BROKERAGE.name].events.values():
        announced = next((event for event in events.values() if event.type == BrokerageEventAnnounced.TYPE), None)
        districts = set(json.loads(announced.data)["districts"]) if announced else set()
        for event in events.values():
            if template := TEMPLATES.get(event.type):
                there = [one for one in members if one.since and one.since <= event.time and districts & one.districts]
                owed.update((template, one.id, event.id) for one in there)
    return owed


@dataclass(frozen=True)
class _Member:
    id: str
    districts: frozenset[str]
    since: datetime | None
    """None where it is no member, or has left."""


def _member(events: Iterable[Envelope]) -> _Member:
    by_type = {event.type: event for event in events}
    applied, approved = by_type.get(MemberApplied.TYPE), by_type.get(MemberApproved.TYPE)
    if applied is None or approved is None or MemberWithdrawn.TYPE in by_type:
        return _Member("", frozenset(), None)
    return _Member(applied.subject, frozenset(json.loads(applied.data)["districts"]), approved.time)


def check_messages(owed: Counter[Owed], messages: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Compare the inboxes: each message once, no other; every one mailed.

    A member that has left may have been told of an event before that: of those messages only that each came once.
    """
    there = Counter((message["template"], message["recipient"], message["cause"]) for message in messages)
    for template, recipient, event in (owed - there).elements():
        yield Finding("lost", "notifications.messages", f"{template} to {recipient} of event {event}")
    for template, recipient, event in (there - owed).elements():
        if template in TOLD_TO_ALL and there[template, recipient, event] == 1:
            continue
        yield Finding("duplicated", "notifications.messages", f"{template} to {recipient} of event {event}")
    for message in messages:
        if message["mail"]["status"] != "sent":
            yield Finding("stuck", "notifications.messages", f"the mail of {message['_id']} is {message['mail']['status']}")


def check_deliveries(messages: Sequence[Mapping[str, Any]], told: Told) -> Iterator[Finding]:
    """Every mail that went out is told once."""
    ids = {message["_id"] for message in messages}
    for id in ids - told.events.keys():
        yield Finding("lost", f"{DELIVERIES.name} {id}", "the mail was never told of")
    for id, events in told.events.items():
        if id not in ids:
            yield Finding("duplicated", f"{DELIVERIES.name} {id}", "it tells of no message")
        elif list(events) != [1] or events[1].type != MessageSent.TYPE:
            yield Finding("duplicated", f"{DELIVERIES.name} {id}", f"it was told {len(events)} times")


def check_mails(
    messages: Sequence[Mapping[str, Any]], mails: Sequence[tuple[str, float]], disturbances: Sequence[Disturbance]
) -> tuple[list[Finding], int]:
    """Compare what the mail server saw, (Message-ID, seconds since the epoch); return findings and repetitions in flight."""
    findings: list[Finding] = []
    arrived: dict[str, list[float]] = defaultdict(list)
    for message_id, moment in mails:
        arrived[message_id.strip("<>").partition("@")[0]].append(moment)
    ids = {message["_id"] for message in messages}
    findings += [Finding("lost", "mail", f"{id} never came") for id in ids - arrived.keys()]
    findings += [Finding("duplicated", "mail", f"{id} is no message's") for id in arrived.keys() - ids]
    in_flight = 0
    for id, moments in arrived.items():
        for moment in sorted(moments)[:-1]:
            if any(one.begin - SLACK_SECONDS <= moment <= one.end + SLACK_SECONDS for one in disturbances):
                in_flight += 1
            else:
                findings.append(Finding("duplicated", "mail", f"{id} came again, and nothing was disturbed at {moment:.1f}"))
    return findings, in_flight
