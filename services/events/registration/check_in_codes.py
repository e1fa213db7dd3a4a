"""Check-in codes: unguessable, the same each time they are asked for, and stored nowhere."""

import hashlib
import hmac
import secrets
from io import BytesIO

import segno

from shared.chassis.errors import invalid
from shared.chassis.mongo import Conflict, Mongo, duplicate_as, retrying

KEYS = "keys"
"""A ledger of one entry: the key the codes are made with. Made once, saved and restored with the database."""
LENGTH = 24


async def code_of(mongo: Mongo, event: str, member: str) -> str:
    """Make the code of a participant at an event: 24 hexadecimal digits (96 bits) of an HMAC-SHA-256."""
    key = bytes.fromhex(await retrying(lambda: _key(mongo)))
    return hmac.new(key, f"{event}\x1f{member}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


async def check_code(mongo: Mongo, event: str, member: str, badge: str) -> None:
    """Raise Invalid where it is neither the text of the participant's picture nor the code in it."""
    code = await code_of(mongo, event, member)
    if not any(hmac.compare_digest(badge.encode(), valid.encode()) for valid in (code, text_of(event, member, code))):
        raise invalid("code", "code", "field-check-in-code")


def text_of(event: str, member: str, code: str) -> str:
    """Write what is in the picture: which event, who, and the code, parted by slashes."""
    return f"distretti:check-in/{event}/{member}/{code}"


def picture_of(text: str) -> bytes:
    """Draw a text as a QR code, in SVG."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", scale=6)
    return drawn.getvalue()


async def _key(mongo: Mongo) -> str:
    with duplicate_as(Conflict):
        ledger = await mongo[KEYS].find_one_and_update(
            {"_id": "check-in"}, {"$setOnInsert": {"key": secrets.token_hex(32)}}, upsert=True, return_document=True
        )
    assert ledger is not None
    return str(ledger["key"])
