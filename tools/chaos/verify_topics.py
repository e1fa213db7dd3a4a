"""The ledger against the topics: each acknowledged command once, nothing else, and in order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.chassis.kafka.topic_reader import KafkaRecord
from shared.contracts.envelope import Envelope, read_envelope
from shared.contracts.topics import DELIVERIES, Topic
from tools.chaos.expectations import Effect, Ledger
from tools.chaos.findings import Finding


@dataclass
class TopicContent:
    """A topic's events by aggregate and sequence, each from its first record, and findings about the other records."""

    events: dict[str, dict[int, Envelope]] = field(default_factory=lambda: defaultdict(dict))
    findings: list[Finding] = field(default_factory=list)
    records: int = 0


def read_topic(topic: Topic, partitions: Sequence[Sequence[KafkaRecord]]) -> TopicContent:
    """Read a topic's records in order. Copies of a record are ignored; another event with the same sequence is a finding."""
    content = TopicContent()
    home: dict[str, int] = {}
    for number, records in enumerate(partitions):
        for record in records:
            content.records += 1
            event = read_envelope(tuple(record.headers), record.value)
            stream = content.events[event.subject]
            if home.setdefault(event.subject, number) != number:
                content.findings.append(Finding("out_of_order", topic.name, f"{event.subject} is in two partitions"))
            if first := stream.get(event.sequence):
                if (first.id, first.data) != (event.id, event.data):
                    content.findings.append(Finding("duplicated", topic.name, f"{event.subject} {event.sequence} is two events"))
                continue
            newest = max(stream, default=0)
            if event.sequence != newest + 1:
                description = f"{event.subject}: {event.sequence} follows {newest}"
                content.findings.append(Finding("out_of_order", topic.name, description))
            stream[event.sequence] = event
    return content


def check_topics(ledger: Ledger, contents: Mapping[str, TopicContent]) -> Iterator[Finding]:
    """Compare every acknowledged command with the events on the topics. Deliveries result from messages, not commands."""
    acknowledged: dict[tuple[str, str], dict[int, Effect]] = defaultdict(dict)
    for effect in ledger.effects:
        versions = acknowledged[effect.topic.name, effect.id]
        for number, kind in enumerate(effect.events):
            version = effect.version - len(effect.events) + 1 + number
            location = f"{effect.topic.name} {effect.id} {version}"
            if version in versions:
                yield Finding("lost", location, f"{kind.TYPE} and another command were acknowledged as the same version")
            versions[version] = effect
            event = contents[effect.topic.name].events.get(effect.id, {}).get(version)
            if event is None:
                yield Finding("lost", location, f"{kind.TYPE} was acknowledged and is not on the topic")
            elif event.type != kind.TYPE or (number == 0 and effect.mark.encode() not in event.data):
                yield Finding("lost", location, f"{kind.TYPE} was acknowledged, the topic has another {event.type}")
    for name, topic in contents.items():
        for id, events in topic.events.items():
            for version in events.keys() - acknowledged[name, id].keys():
                if name != DELIVERIES.name:
                    yield Finding("duplicated", f"{name} {id} {version}", f"{events[version].type} without a command")
