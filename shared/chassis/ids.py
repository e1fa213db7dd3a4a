"""Ids that rise with time, and ids that two sides can compute alike."""

import hashlib
import random
import uuid
from datetime import datetime

from shared.contracts.base import milliseconds_of


def uuid7(moment: datetime, counter: int = 0) -> str:
    """A UUIDv7 of a moment (milliseconds) and a counter from 0 to 4095 that orders within it.

    The rest is random without being secret: the system's source of secrets waits behind the driver's threads.
    Events of one aggregate get rising ids, so that sorting by id is sorting by sequence.
    Source: RFC 9562, sections 5.7 and 6.2 (method 1).
    """
    milliseconds = milliseconds_of(moment)
    value = milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | random.getrandbits(62)
    return str(uuid.UUID(int=value))


def computed_id(*parts: str) -> str:
    """The id that all services compute from the same parts: 32 hexadecimal digits of their SHA-256."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
