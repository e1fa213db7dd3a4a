"""What an ordinary caller sends, as endless requests: reads and commands in turn."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.attacks.attacked_system import AttackedSystem
from benchmarks.attacks.connection import request
from distretti.client.brokerage_event import EVENTS
from distretti.client.sources import SAMPLE
from distretti.importers.dzn_event import read_b2b

TEXT = "Tagliamo marmo e cerchiamo chi ricava polveri e fanghi di lavorazione per farne materiali da costruzione."


def of_registry_and_events(system: AttackedSystem, name: str) -> Iterator[bytes]:
    """Members and events are read, firms apply, drafts are made. `name` keeps these apart from those of other callers."""
    operator = system.token("operator", "operator")
    member = system.members[0]
    for number in itertools.count():
        yield request("GET", "/registry/v1/members?limit=10", operator)
        yield request("POST", "/registry/v1/members", system.token(f"{name} {number}"), application(f"{name} {number}"))
        yield request("GET", f"/registry/v1/members/{member}", operator)
        yield request("GET", f"{EVENTS}?limit=5", operator)
        yield request("POST", EVENTS, operator, draft())


def of_matching(system: AttackedSystem, member: str) -> Iterator[bytes]:
    """A member reads its suggestions and asks questions."""
    token = system.token(member, member=member)
    while True:
        yield request("GET", f"/matching/v1/members/{member}/suggestions", token)
        yield request("POST", "/matching/v1/answers", token, {"text": TEXT})
        yield request("GET", f"/matching/v1/members/{member}/introductions", token)


def application(name: str) -> dict[str, Any]:
    """A firm's application, of an identifier that follows from its name."""
    return {
        "name": f"Esempio {name} s.r.l.",
        "kind": "sme",
        "identifiers": [{"scheme": "register", "value": f"attacks:{name.replace(' ', '-')}"}],
        "districts": ["new-materials"],
        "place": {"country": "IT", "nuts3": "ITI11", "city": "Carrara"},
        "profile": {"summary": "Taglio di precisione e recupero degli sfridi.", "topics": ["smart-factory/robotics"]},
    }


def draft() -> dict[str, Any]:
    """An event of fourteen slots that nobody else sees yet."""
    day = (datetime.now(UTC) + timedelta(days=60)).date()
    content = dict(read_b2b(SAMPLE.with_name("meetings.dzn"), day).brokerage_event)
    del content["id"]
    return {**content, "draft": True}
