"""CloudEvents 1.0 in Kafka binary mode: attributes in `ce_` headers, the data as the JSON value.

Source: CloudEvents specification 1.0.2 and its Kafka protocol binding, section 3.2.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.contracts.base import TYPE_PREFIX, to_text

LONGEST = 1000
"""Characters of an attribute: ids become keys of stores and lines of logs."""
REQUIRED = ("id", "type", "source", "subject", "time", "sequence")


class Undecodable(Exception):
    """A record that is no event of ours. The message says which header or part, and why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as it travels. `type` is without the house's prefix, `data` is JSON in UTF-8.

    `sequence` is the version its aggregate (`subject`) has after it, from 1.
    """

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    correlation: str
    data: bytes
    causation: str | None = None
    district: str | None = None
    traceparent: str | None = None


def headers_of(envelope: Envelope) -> dict[str, str]:
    """Write the Kafka headers of an event."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": envelope.id,
        "ce_type": TYPE_PREFIX + envelope.type,
        "ce_source": envelope.source,
        "ce_subject": envelope.subject,
        "ce_time": to_text(envelope.time),
        "ce_dataschema": f"urn:distretti:schema:{envelope.type}",
        "ce_sequence": str(envelope.sequence),
        "ce_partitionkey": envelope.subject,
        "ce_correlationid": envelope.correlation,
        "content-type": "application/json",
    }
    if envelope.causation:
        headers["ce_causationid"] = envelope.causation
    if envelope.district:
        headers["ce_district"] = envelope.district
    if envelope.traceparent:
        headers["traceparent"] = envelope.traceparent
    return headers


def read_envelope(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Envelope:
    """Read a record back into an event; the data is not parsed here.

    Raises Undecodable where a header is missing, null, twice there, not UTF-8, not printable, longer than
    `LONGEST` characters or malformed, or the value is null.
    """
    fields: dict[str, str] = {}
    for name, raw in headers:
        if not name.startswith("ce_") and name != "traceparent":
            continue
        if raw is None:
            raise Undecodable(f"header {name} is null")
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            raise Undecodable(f"header {name} is not UTF-8") from error
        if len(text) > LONGEST or not text.isprintable():
            raise Undecodable(f"header {name} is longer than {LONGEST} characters or not printable")
        if fields.setdefault(name.removeprefix("ce_"), text) is not text:
            raise Undecodable(f"header {name} is there twice")
    if fields.get("specversion") != "1.0":
        raise Undecodable(f"ce_specversion is {fields.get('specversion')!r}, 1.0 is allowed")
    for name in REQUIRED:
        if not fields.get(name):
            raise Undecodable(f"header ce_{name} is missing")
    if value is None:
        raise Undecodable("the value is null")
    return Envelope(
        id=fields["id"],
        type=fields["type"].removeprefix(TYPE_PREFIX),
        source=fields["source"],
        subject=fields["subject"],
        time=_read_time(fields["time"]),
        sequence=_read_sequence(fields["sequence"]),
        correlation=fields.get("correlationid", fields["id"]),
        data=value,
        causation=fields.get("causationid"),
        district=fields.get("district"),
        traceparent=fields.get("traceparent"),
    )


def _read_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Undecodable(f"ce_time {text!r} is no RFC 3339 time") from error
    if moment.tzinfo is None:
        raise Undecodable(f"ce_time {text!r} has no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise Undecodable(f"ce_time {text!r} is outside the years 1 to 9999 in UTC") from error


def _read_sequence(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 16 and int(text) > 0):
        raise Undecodable(f"ce_sequence {text!r} is no whole number from 1")
    return int(text)
