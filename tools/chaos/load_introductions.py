"""Commands of matching: interests, and the partner's answers."""

import random

from services.matching.introduction.rules import introduction_id
from shared.contracts import topics
from shared.contracts.matching import InterestDeclined, InterestExpressed, IntroductionMade
from shared.contracts.modes import modes_between
from tools.chaos.client import Commander
from tools.chaos.expectations import Member


def mode_of(member: Member, partner: Member) -> str | None:
    """The mode in which two members can be matched; None where there is none."""
    modes = modes_between(member.kind, partner.kind)
    return modes[0] if modes else None


async def introduce(commander: Commander, member: Member, partner: Member, mode: str, draw: random.Random | None = None) -> str:
    """Let a member express interest and its partner answer, by `draw` or with interest. Return the introduction's id.

    The pair must be new: answers carry no version, so versions are counted from the first command.
    """
    id = introduction_id(mode, member.id, partner.id)  # type: ignore[arg-type]

    def body(by: Member, towards: Member) -> dict[str, str]:
        return {"mode": mode, "by": by.id, "towards": towards.id}

    path, topic = "/matching/v1/interests", topics.INTRODUCTIONS
    await commander.do(
        "POST", path, body(member, partner), topic, InterestExpressed, id=id, by=member.id, mark=member.id, version=1
    )
    commander.ledger.introductions[id] = False
    answer = draw.random() if draw else 0
    if answer < 0.7:
        messages = (("introduction", member.id), ("introduction", partner.id))
        await commander.do(
            "POST",
            path,
            body(partner, member),
            topic,
            InterestExpressed,
            IntroductionMade,
            id=id,
            by=partner.id,
            mark=partner.id,
            messages=messages,
            version=3,
        )
        commander.ledger.introductions[id] = True
    elif answer < 0.85:
        declined = {**body(partner, member), "reason": f"Not now, {partner.number}."}
        path = "/matching/v1/declines"
        await commander.do(
            "POST", path, declined, topic, InterestDeclined, id=id, by=partner.id, mark=declined["reason"], version=2
        )
    else:  # repeated interest changes nothing
        await commander.do("POST", path, body(member, partner), topic, id=id, by=member.id, version=1)
    return id
