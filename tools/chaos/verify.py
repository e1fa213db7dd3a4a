"""Checking the books: everything the ledger says against everything the system holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from distretti.devstack.mailbox import Mailbox
from distretti.ops.services import audit_all
from shared.chassis.config import Settings
from shared.chassis.mongo import Document, Mongo
from shared.contracts.topics import CATALOGUE, DELIVERIES
from tools.chaos import verify_messages, verify_stores, verify_topics
from tools.chaos.consumer_groups import groups
from tools.chaos.expectations import Ledger
from tools.chaos.findings import Finding
from tools.chaos.kafka_records import read_partitions
from tools.chaos.report import Report


@dataclass(frozen=True)
class Books:
    """What is compared: the ledger, and where the system keeps its stores and topics, and the mail server its mails."""

    ledger: Ledger
    settings: Settings
    mails: Path
    disturbances: Sequence[verify_messages.Disturbance]


async def check(books: Books, seen: Sequence[Finding], report: Report) -> None:
    """Check the books of a system at rest, and fill in the report; `seen` was found wrong on the way."""
    ledger, settings = books.ledger, books.settings
    told = {topic.name: verify_topics.read_topic(topic, await read_partitions(settings, topic)) for topic in CATALOGUE}
    messages = await _messages(settings)
    found = [*seen, *(Finding("lost", "command", what) for what in ledger.surprises)]
    for topic in told.values():
        found += topic.findings
    found += verify_topics.check_topics(ledger, told)
    found += await verify_stores.check_stores(ledger, settings, groups(settings))
    owed = verify_messages.owed_messages(ledger, told) + verify_messages.owed_to_all(told)
    found += verify_messages.check_messages(owed, messages)
    found += verify_messages.check_deliveries(messages, told[DELIVERIES.name])
    mails = read_mails(books.mails)
    wrong, report.repeated_in_flight = verify_messages.check_mails(messages, mails, books.disturbances)
    report.add([*found, *wrong])
    report.add_audit(await audit_all(settings))
    report.commands_acknowledged = len(ledger.effects)
    report.commands_refused = ledger.refused.total()
    report.domain_events = sum(len(events) for topic in told.values() for events in topic.events.values())
    report.records = sum(topic.records for topic in told.values())
    report.messages, report.mails = len(messages), len(mails)


async def _messages(settings: Settings) -> list[Document]:
    mongo = Mongo(settings.mongo_url, settings.named("notifications"), settings.mongo_timeout)
    try:
        return await mongo["messages"].find().to_list(None)
    finally:
        mongo.close()


def read_mails(directory: Path) -> list[tuple[str, float]]:
    """Read what the mail server was given: Message-ID, and when it came in seconds since the epoch."""
    files = {int(file.stem): file.stat().st_mtime for file in directory.glob("*.eml")}
    return [(mail.message_id, files[mail.number]) for mail in Mailbox(directory).mails]
