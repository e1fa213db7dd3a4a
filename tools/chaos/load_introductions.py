"""Commands of matching: interests, and what the other side says to them."""

import random

from services.matching.introduction.rules import introduction_id
from services.matching.ranking.rules.modes import modes_of
from shared.contracts import topics
from shared.contracts.matching import InterestDeclined, InterestExpressed, IntroductionMade
from tools.chaos.client import Commander
from tools.chaos.expectations import Member


def mode_of(one: Member, other: Member) -> str | None:
    """Tell in which mode two members can be matched, if in one."""
    modes = modes_of(one.kind, other.kind)  # type: ignore[arg-type]
    return modes[0] if modes else None


async def introduce(commander: Commander, one: Member, other: Member, mode: str, draw: random.Random | None = None) -> str:
    """Let one express interest, and the other answer; without `draw` it is interested too. Return the introduction's id.

    The two must be new to each other: answers tell no version, so that each is known from the commands before it.
    """
    id = introduction_id(mode, one.id, other.id)  # type: ignore[arg-type]

    def said(by: Member, towards: Member) -> dict[str, str]:
        return {"mode": mode, "by": by.id, "towards": towards.id}

    path, topic = "/matching/v1/interests", topics.INTRODUCTIONS
    await commander.do("POST", path, said(one, other), topic, InterestExpressed, id=id, by=one.id, mark=one.id, version=1)
    commander.ledger.introductions[id] = False
    answer = draw.random() if draw else 0
    if answer < 0.7:
        tells = (("introduction", one.id), ("introduction", other.id))
        await commander.do(
            "POST",
            path,
            said(other, one),
            topic,
            InterestExpressed,
            IntroductionMade,
            id=id,
            by=other.id,
            mark=other.id,
            tells=tells,
            version=3,
        )
        commander.ledger.introductions[id] = True
    elif answer < 0.85:
        declined = {**said(other, one), "reason": f"Not now, {other.number}."}
        path = "/matching/v1/declines"
        await commander.do("POST", path, declined, topic, InterestDeclined, id=id, by=other.id, mark=declined["reason"], version=2)
    else:  # saying it again changes nothing
        await commander.do("POST", path, said(one, other), topic, id=id, by=one.id, version=1)
    return id
