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
class Told:
    """What a topic tells of its aggregates: the first record of each sequence, and what is wrong with the rest."""

    events: dict[str, dict[int, Envelope]] = field(default_factory=lambda: defaultdict(dict))
    findings: list[Finding] = field(default_factory=list)
    records: int = 0


def read_topic(topic: Topic, partitions: Sequence[Sequence[KafkaRecord]]) -> Told:
    """Read a topic's records in their order: repeated ones are passed, what repeats a sequence otherwise is found."""
    told = Told()
    home: dict[str, int] = {}
    for number, records in enumerate(partitions):
        for record in records:
            told.records += 1
            event = read_envelope(tuple(record.headers), record.value)
            known = told.events[event.subject]
            if home.setdefault(event.subject, number) != number:
                told.findings.append(Finding("out_of_order", topic.name, f"{event.subject} is in two partitions"))
            if first := known.get(event.sequence):
                if (first.id, first.data) != (event.id, event.data):
                    told.findings.append(Finding("duplicated", topic.name, f"{event.subject} {event.sequence} is two events"))
                continue
            newest = max(known, default=0)
            if event.sequence != newest + 1:
                what = f"{event.subject}: {event.sequence} came after {newest}"
                told.findings.append(Finding("out_of_order", topic.name, what))
            known[event.sequence] = event
    return told


def check_topics(ledger: Ledger, told: Mapping[str, Told]) -> Iterator[Finding]:
    """Compare every acknowledged command with the events on the topics. Deliveries follow from messages, not commands."""
    owed: dict[tuple[str, str], dict[int, Effect]] = defaultdict(dict)
    for effect in ledger.effects:
        versions = owed[effect.topic.name, effect.id]
        for number, kind in enumerate(effect.events):
            version = effect.version - len(effect.events) + 1 + number
            place = f"{effect.topic.name} {effect.id} {version}"
            if version in versions:
                yield Finding("lost", place, f"{kind.TYPE} and another command were acknowledged as the same version")
            versions[version] = effect
            event = told[effect.topic.name].events.get(effect.id, {}).get(version)
            if event is None:
                yield Finding("lost", place, f"{kind.TYPE} was acknowledged and is not on the topic")
            elif event.type != kind.TYPE or (number == 0 and effect.mark.encode() not in event.data):
                yield Finding("lost", place, f"{kind.TYPE} was acknowledged, on the topic is another {event.type}")
    for name, topic in told.items():
        for id, events in topic.events.items():
            for version in events.keys() - owed[name, id].keys():
                if name != DELIVERIES.name:
                    yield Finding("duplicated", f"{name} {id} {version}", f"{events[version].type} without a command")
