"""A canary: commands on every service, sent after a fault, and what they must bring about at the other end."""

import asyncio
import random
from typing import Any

from tools.chaos import load_introductions, load_meetings, load_members
from tools.chaos.client import Commander
from tools.chaos.expectations import Member
from tools.chaos.load import CANARY_DAY

FIRST_NUMBER = 1_000_000
"""Canaries are numbered from here on, away from the other members."""
AWAITED = {"welcome", "registration", "introduction"}


async def fly(commander: Commander, partner: Member, number: int, patience: float) -> None:
    """Send a new member the whole way, and wait until all its messages are in its inbox and mailed.

    It passes the relays of the registry, of matching, of the events service and of notifications, and the inboxes
    behind them. Raises TimeoutError after `patience` seconds.
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
        there = False
        while not there:
            await asyncio.sleep(0.1)
            there = _all_there(await commander.client.get(path, member.id))


def _all_there(inbox: dict[str, Any]) -> bool:
    return {message["template"] for message in inbox["items"] if message["mail"] == "sent"} >= AWAITED
