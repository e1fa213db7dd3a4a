"""Commands of the registry: members apply, change and withdraw."""

import random
from typing import Any

from shared.contracts import topics
from shared.contracts.registry import (
    ContactRecorded,
    MemberApplied,
    MemberApproved,
    MemberProfileRevised,
    MemberRefused,
    MemberWithdrawn,
    NeedPublished,
    NeedWithdrawn,
    OfferPublished,
    OfferWithdrawn,
)
from shared.contracts.taxonomy import TOPICS
from tools.chaos.client import Commander
from tools.chaos.expectations import Member

PATH = "/registry/v1/members"
KINDS = ("sme", "innovative-startup", "sme", "research-organisation", "large-firm", "financial-operator")
SUBJECTS = sorted(TOPICS)


async def join(commander: Commander, number: int, draw: random.Random, leaves: bool = False) -> Member | None:
    """Apply, and be approved or refused; some apply twice and are refused, some withdraw. Return an approved member."""
    member = await apply(commander, number, draw)
    contact_after_approval = draw.random() < 0.15
    if not contact_after_approval:
        await record_contact(commander, member, 1)
    if draw.random() < 0.15:
        await commander.be_refused("claimed", "POST", PATH, _application(number, member.kind, draw))
    if draw.random() < 0.1:
        reason = {"reason": f"Refused by the chaos test, number {number}."}
        await commander.do(
            "POST", f"{PATH}/{member.id}/refuse", reason, topics.MEMBERS, MemberRefused, id=member.id, mark=reason["reason"]
        )
        member.status = "refused"
        return None
    await approve(commander, member)
    if draw.random() < 0.2:  # approving twice changes nothing
        await commander.do("POST", f"{PATH}/{member.id}/approve", None, topics.MEMBERS, id=member.id)
    await publish(commander, member, "offers", draw)
    await publish(commander, member, "needs", draw)
    if contact_after_approval:
        await record_contact(commander, member, 1)
    if leaves or draw.random() < 0.1:
        await leave(commander, member)
        return None
    return member


async def apply(commander: Commander, number: int, draw: random.Random) -> Member:
    """Apply for membership."""
    kind = KINDS[number % len(KINDS)]
    application = _application(number, kind, draw)
    answer = await commander.do("POST", PATH, application, topics.MEMBERS, MemberApplied, mark=application["name"])
    member = Member(answer["id"], number, application["name"], kind, summary=application["profile"]["summary"])
    commander.ledger.members[member.id] = member
    return member


async def approve(commander: Commander, member: Member) -> None:
    """Approve an application; the member gets a welcome message."""
    path = f"{PATH}/{member.id}/approve"
    await commander.do("POST", path, None, topics.MEMBERS, MemberApproved, id=member.id, messages=(("welcome", member.id),))
    member.status = "approved"


async def leave(commander: Commander, member: Member) -> None:
    """Withdraw from the districts."""
    reason = {"reason": f"Leaving, number {member.number}."}
    path = f"{PATH}/{member.id}/withdraw"
    await commander.do("POST", path, reason, topics.MEMBERS, MemberWithdrawn, id=member.id, by=member.id, mark=reason["reason"])
    member.status = "withdrawn"


async def revise(commander: Commander, member: Member, draw: random.Random, revision: int) -> None:
    """Change something of a member; `revision` is a new number each time."""
    kind = draw.choice(("profile", "offers", "needs", "remove", "remove", "contact"))
    if kind == "profile":
        profile = _profile(f"Revision {revision} of member {member.number}.", draw)
        await commander.do(
            "PUT", f"{PATH}/{member.id}/profile", profile, topics.MEMBERS, MemberProfileRevised,
            id=member.id, by=member.id, mark=profile["summary"],
        )  # fmt: skip
        member.summary = profile["summary"]
    elif kind == "contact":
        await record_contact(commander, member, revision)
    elif kind == "remove" and (parts := [*(("offers", id) for id in member.offers), *(("needs", id) for id in member.needs)]):
        await _withdraw(commander, member, *draw.choice(parts))
    else:
        await publish(commander, member, "needs" if kind == "needs" else "offers", draw)


async def record_contact(commander: Commander, member: Member, revision: int) -> None:
    """Record the member's contact person."""
    email = f"member{member.number}.{revision}@drill.example"
    details = {"name": f"Persona {member.number}", "email": email, "language": "it" if member.number % 2 else "en"}
    path = f"{PATH}/{member.id}/contact"
    await commander.do("PUT", path, details, topics.CONTACTS, ContactRecorded, id=member.id, by=member.id, mark=email)
    member.email = email


async def publish(commander: Commander, member: Member, parts: str, draw: random.Random) -> None:
    """Publish an offer or a need."""
    title = f"{parts} {member.number}/{draw.getrandbits(48):x}"
    body = {"nature": "technology", "title": title, "text": "Laser, photonics, smart textile.", "topics": draw.sample(SUBJECTS, 2)}
    event = OfferPublished if parts == "offers" else NeedPublished
    path = f"{PATH}/{member.id}/{parts}"
    answer = await commander.do("POST", path, body, topics.MEMBERS, event, id=member.id, by=member.id, mark=title)
    id = next(id for id, part in answer[parts].items() if part["title"] == title)
    (member.offers if parts == "offers" else member.needs)[id] = title


async def _withdraw(commander: Commander, member: Member, parts: str, id: str) -> None:
    event = OfferWithdrawn if parts == "offers" else NeedWithdrawn
    path = f"{PATH}/{member.id}/{parts}/{id}"
    await commander.do("DELETE", path, None, topics.MEMBERS, event, id=member.id, by=member.id, mark=id)
    del (member.offers if parts == "offers" else member.needs)[id]


def _application(number: int, kind: str, draw: random.Random) -> dict[str, Any]:
    return {
        "name": f"Chaos member {number}.",
        "kind": kind,
        "identifiers": [{"scheme": "register", "value": f"drill:{number}"}],
        "districts": ["new-materials", "fashion"],
        "place": {"country": "IT", "nuts3": "ITI14", "city": "Firenze"},
        "profile": _profile(f"As member {number} applied.", draw),
    }


def _profile(summary: str, draw: random.Random) -> dict[str, Any]:
    return {"summary": summary, "language": "en", "topics": draw.sample(SUBJECTS, 2), "website": None, "ateco": []}
