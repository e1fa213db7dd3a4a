"""Verifies a system against the ledger of acknowledged commands: topics, databases, messages, mails, audit."""

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
class Evidence:
    """The ledger, the settings of the system's databases and topics, the mail sink's directory, and disturbances."""

    ledger: Ledger
    settings: Settings
    mails: Path
    disturbances: Sequence[verify_messages.Disturbance]


async def verify(evidence: Evidence, earlier: Sequence[Finding], report: Report) -> None:
    """Verify a quiescent system and fill in the report; `earlier` are findings of the run itself."""
    ledger, settings = evidence.ledger, evidence.settings
    contents = {topic.name: verify_topics.read_topic(topic, await read_partitions(settings, topic)) for topic in CATALOGUE}
    messages = await _messages(settings)
    findings = [*earlier, *(Finding("lost", "command", failure) for failure in ledger.failures)]
    for content in contents.values():
        findings += content.findings
    findings += verify_topics.check_topics(ledger, contents)
    findings += await verify_stores.check_stores(ledger, settings, groups(settings))
    expected = verify_messages.expected_messages(ledger, contents) + verify_messages.expected_broadcasts(contents)
    findings += verify_messages.check_messages(expected, messages)
    mailed = verify_messages.to_mail(messages)
    findings += verify_messages.check_deliveries(mailed, contents[DELIVERIES.name])
    mails = read_mails(evidence.mails)
    violations, report.repeated_in_flight = verify_messages.check_mails(mailed, mails, evidence.disturbances)
    report.add([*findings, *violations])
    report.add_audit(await audit_all(settings))
    report.commands_acknowledged = len(ledger.effects)
    report.commands_refused = ledger.refused.total()
    report.domain_events = sum(len(events) for content in contents.values() for events in content.events.values())
    report.records = sum(content.records for content in contents.values())
    report.messages, report.mails = len(messages), len(mails)


async def _messages(settings: Settings) -> list[Document]:
    mongo = Mongo(settings.mongo_url, settings.named("notifications"), settings.mongo_timeout)
    try:
        return await mongo["messages"].find().to_list(None)
    finally:
        mongo.close()


def read_mails(directory: Path) -> list[tuple[str, float]]:
    """The mails of the mail sink: Message-ID, and time of arrival in seconds since the epoch."""
    files = {int(file.stem): file.stat().st_mtime for file in directory.glob("*.eml")}
    return [(mail.message_id, files[mail.number]) for mail in Mailbox(directory).mails]
