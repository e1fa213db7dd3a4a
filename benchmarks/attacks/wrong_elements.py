"""Bodies of one megabyte with 330,000 wrong elements, and as many wrong elements as each route has room for.

Through the gateway and directly, also as a line of an import. One of them once took 8 to 16 seconds of the processor.
"""

from functools import partial

from benchmarks.attacks import side_by_side
from benchmarks.attacks.attacked_system import AttackedSystem, attacked_system
from benchmarks.attacks.bursts import Prepared, bursts
from benchmarks.attacks.connection import request
from benchmarks.attacks.ordinary_requests import of_registry_and_events
from benchmarks.attacks.side_by_side import OrdinaryCaller
from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row
from distretti.client.brokerage_event import EVENTS
from services.events.brokerage.announcement import LONGEST_OCCASION
from services.events.registration.schemas import LONGEST_REGISTRATION
from shared.chassis.config import Settings

WRONG = b"[],"
FAR_TOO_MANY = 330_000
USUAL = Settings().body_bytes
AT_ONCE, PAUSE = 8, 4.0
STEPS = 2 * side_by_side.STEPS


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Measure bodies that are too long, and such as are just not."""
    rows: list[Row] = []
    async with attacked_system(fixtures, "wrong") as system:
        for name, prepared in (("too long", _too_long(system)), ("just taken", _longest(system))):
            ordinary = OrdinaryCaller(system.gateway, of_registry_and_events(system, f"wrong {name}"))
            rows += await side_by_side.side_by_side(
                f"wrong elements, {name}",
                system,
                ordinary,
                partial(bursts, prepared, AT_ONCE, PAUSE),
                ("registry", "events", "gateway"),
                tick,
            )
    return rows


def _too_long(system: AttackedSystem) -> list[Prepared]:
    subject, manager = system.token("anybody"), system.token("manager", "manager", manages=["new-materials"])
    firm, event = (_with_wrong(field, FAR_TOO_MANY * len(WRONG)) for field in (b"offers", b"slots"))
    return [
        (system.gateway, request("POST", "/registry/v1/members", subject, firm)),
        (system.direct("registry"), request("POST", "/v1/members", subject, firm)),
        (system.gateway, request("POST", EVENTS, manager, event)),
        (system.direct("events"), request("POST", "/v1/brokerage-events", manager, event)),
        (system.gateway, request("POST", "/registry/v1/members/import", manager, firm + b"\n")),
    ]


def _longest(system: AttackedSystem) -> list[Prepared]:
    subject, manager = system.token("anybody"), system.token("manager", "manager", manages=["new-materials"])
    firm, event, part = (
        _with_wrong(field, room)
        for field, room in ((b"offers", USUAL), (b"slots", LONGEST_OCCASION), (b"preferences", LONGEST_REGISTRATION))
    )
    return [
        (system.gateway, request("POST", "/registry/v1/members", subject, firm)),
        (system.gateway, request("POST", EVENTS, manager, event)),
        (system.direct("events"), request("POST", "/v1/brokerage-events", manager, _with_wrong(b"districts", LONGEST_OCCASION))),
        (system.gateway, request("POST", f"{EVENTS}/any/registrations", subject, part)),
        (system.gateway, request("POST", "/registry/v1/members/import", manager, firm + b"\n")),
    ]


def _with_wrong(field: bytes, length: int) -> bytes:
    """A body of this length at most, with one field of wrong elements."""
    begun, ended = b'{"name":"Esempio","' + field + b'":[', b"[]]}"
    return begun + WRONG * ((length - len(begun) - len(ended)) // len(WRONG)) + ended
