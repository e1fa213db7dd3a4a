"""The rows that messages name facts of."""

from datetime import timedelta

from services.events.brokerage.aggregate import BROKERAGE
from services.notifications.projections import fold_brokerage
from services.notifications.read_models import BrokerageEvent, Room
from shared.contracts.base import DomainEvent
from shared.contracts.events import BrokerageEventCorrected, RegistrationOpened, Table
from tests.notifications.factories import ANNOUNCED, STARTS
from tests.system.properties.in_memory_world import PublishedEvent, received


def folded(*events: DomainEvent) -> BrokerageEvent:
    row = None
    for sequence, event in enumerate(events, 1):
        row = fold_brokerage("e", row, received(PublishedEvent(BROKERAGE, "e", sequence, event), sequence), event)
    assert row is not None
    return row


def test_the_row_of_an_event_has_its_deadline_and_its_special_rooms() -> None:
    tables = (
        Table(number=1, kind="fixed", member_id="a"),
        Table(number=2, label="Sala Verde"),
        Table(number=3, kind="virtual"),
    )
    event = ANNOUNCED.model_copy(update={"special_tables": tables, "requests_until": STARTS - timedelta(days=2)})
    row = folded(event)
    assert row.requests_until == event.requests_until
    assert row.rooms == (Room(2, "Sala Verde", virtual=False), Room(3, None, virtual=True))


def test_a_correction_describes_an_event_and_leaves_its_status() -> None:
    corrected = BrokerageEventCorrected(**{**ANNOUNCED.model_dump(), "venue": "Carrara"}, changed=("venue",))
    row = folded(ANNOUNCED, RegistrationOpened(), corrected)
    assert (row.venue, row.status, row.version) == ("Carrara", "registration-open", 3)
