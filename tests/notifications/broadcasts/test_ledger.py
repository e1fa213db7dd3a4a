"""Broadcasts: which of their messages are mailed."""

from datetime import UTC, datetime, timedelta

from services.notifications.broadcasts.ledger import is_historical, is_late, message_to, new_broadcast
from services.notifications.notices.context import details
from services.notifications.notices.facts import AboutEvent
from services.notifications.read_models import Member
from shared.chassis.documents import parse, to_document
from shared.contracts.envelope import Envelope
from tests.notifications.factories import BROKERAGE_EVENT

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = 86_400.0
EVENT = details(BROKERAGE_EVENT)
CAUSE = Envelope("e1", "t", "s", "s", NOW - timedelta(hours=23), 1, "c", b"{}")


def test_a_broadcast_entered_in_time_is_mailed_to_all_however_long_its_pages_take() -> None:
    broadcast = new_broadcast("event-announced", ("marble",), EVENT, CAUSE, NOW)
    member = Member("Alfa", ("marble",), "approved", NOW - timedelta(days=9))
    message = message_to("m1", member, broadcast, broadcast.entered, DAY)
    assert (message.recipient, message.mail.status) == ("m1", "queued")
    assert parse(AboutEvent, message.facts) == AboutEvent("Alfa", EVENT)
    assert to_document(EVENT) == message.facts["event"]
    assert not is_late(broadcast, NOW + timedelta(hours=23), DAY)
    assert is_late(broadcast, NOW + timedelta(hours=25), DAY)


def test_an_event_older_than_the_limit_has_no_broadcast() -> None:
    assert not is_historical(CAUSE, NOW, DAY)
    assert is_historical(CAUSE, NOW + timedelta(hours=2), DAY)
