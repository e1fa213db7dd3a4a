"""Invented facts that the tests of notifications share."""

from datetime import UTC, datetime, timedelta

from services.notifications.read_models import BrokerageEvent, Slot
from shared.contracts import events
from shared.contracts.base import LocalizedText
from shared.contracts.events import BrokerageEventAnnounced
from shared.contracts.registry import ContactRecorded, Identifier, MemberApplied, Place, Profile

STARTS = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
SLOT = timedelta(minutes=20)
ANNOUNCED = BrokerageEventAnnounced(
    title=LocalizedText(it="Incontri del marmo", en="Marble meetings"),
    districts=("marble",),
    modes=("b2b",),
    venue="Firenze, Fortezza da Basso",
    timezone="Europe/Rome",
    slots=tuple(
        events.Slot(
            number=number, starts=STARTS + timedelta(minutes=20 * number - 20), ends=STARTS + timedelta(minutes=20 * number)
        )
        for number in range(1, 5)
    ),
    tables=3,
)
BROKERAGE_EVENT = BrokerageEvent(
    title=ANNOUNCED.title,
    venue=ANNOUNCED.venue,
    timezone=ANNOUNCED.timezone,
    districts=ANNOUNCED.districts,
    slots=tuple(Slot(slot.number, slot.starts, slot.ends) for slot in ANNOUNCED.slots),
    requests_until=None,
    rooms=(),
    version=1,
    status="announced",
)


def announced_for_tomorrow() -> BrokerageEventAnnounced:
    """An announcement to no member of these tests, of an event that is to come."""
    later = datetime.now(UTC) + timedelta(days=1) - STARTS
    slots = tuple(slot.model_copy(update={"starts": slot.starts + later, "ends": slot.ends + later}) for slot in ANNOUNCED.slots)
    return ANNOUNCED.model_copy(update={"slots": slots, "districts": ("fashion",)})


def applied(name: str) -> MemberApplied:
    """An application by an organisation of this name."""
    identifier = Identifier(scheme="name", value=f"IT:{name}")
    return MemberApplied(
        name=name, kind="sme", identifiers=(identifier,), districts=("marble",), place=Place(country="IT"), profile=Profile()
    )


def contact(member: str, language: str = "it") -> ContactRecorded:
    """A person of this member."""
    return ContactRecorded.model_validate(
        {"member_id": member, "name": "Zoë Verdi", "email": f"{member}@post.example", "language": language}
    )
