"""What is kept of others' facts, for messages to name."""

from datetime import timedelta

from services.events.brokerage.aggregate import BROKERAGE
from services.notifications.notices.context import Known, place
from services.notifications.projections import fold_brokerage
from shared.contracts.events import Table
from tests.notifications.factories import ANNOUNCED, STARTS
from tests.system.properties.in_memory_world import Told, received


def test_of_an_event_its_deadline_and_its_rooms_are_kept() -> None:
    tables = (
        Table(number=1, kind="fixed", member_id="a"),
        Table(number=2, label="Sala Verde"),
        Table(number=3, kind="virtual"),
    )
    event = ANNOUNCED.model_copy(update={"special_tables": tables, "requests_until": STARTS - timedelta(days=2)})
    found = fold_brokerage("e", None, received(Told(BROKERAGE, "e", 1, event), 1), event)
    assert found is not None
    assert found["requests_until"] == event.requests_until
    known = Known({}, found)
    assert [place(known, 2, number)["room"] for number in (None, 1, 2, 3)] == [
        None,
        None,
        {"label": "Sala Verde", "virtual": False},
        {"label": None, "virtual": True},
    ]
    assert place(known, 2, 2)["starts"] == STARTS + timedelta(minutes=20)
