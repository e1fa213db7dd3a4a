"""A canary: commands on every service, sent after a fault, and the messages that must result from them."""

import asyncio
import random
from typing import Any

from tools.chaos import load_introductions, load_meetings, load_members
from tools.chaos.client import Commander
from tools.chaos.expectations import Member
from tools.chaos.load import CANARY_DAY

FIRST_NUMBER = 1_000_000
"""Numbers of canaries begin here, apart from the other members."""
EXPECTED_TEMPLATES = {"welcome", "registration", "introduction"}


async def run_canary(commander: Commander, partner: Member, number: int, patience: float) -> None:
    """Admit, register and introduce a new member; wait until all its messages are in its inbox and mailed.

    This passes the relays and inboxes of all services. Raises TimeoutError after `patience` seconds.
    """
    async with asyncio.timeout(patience):
        draw = random.Random(number)  # noqa: S311 - repeatable, not secret
        member = await load_members.apply(commander, FIRST_NUMBER + number * len(load_members.KINDS), draw)
        await load_members.record_contact(commander, member, 1)
        await load_members.approve(commander, member)
        await asyncio.gather(
            load_meetings.register(commander, CANARY_DAY, member), load_introductions.introduce(commander, member, partner, "b2b")
        )
        path = f"/notifications/v1/members/{member.id}/messages"
        complete = False
        while not complete:
            await asyncio.sleep(0.1)
            complete = _is_complete(await commander.client.get(path, member.id))


def _is_complete(inbox: dict[str, Any]) -> bool:
    return {message["template"] for message in inbox["items"] if message["mail"] == "sent"} >= EXPECTED_TEMPLATES
