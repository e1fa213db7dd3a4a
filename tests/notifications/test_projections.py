"""The rows that messages name facts of."""

from datetime import timedelta

from services.events.brokerage.aggregate import BROKERAGE
from services.notifications.projections import fold_brokerage, fold_meeting, fold_representatives
from services.notifications.read_models import BrokerageEvent, Representatives, Room
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    BrokerageEventCorrected,
    MeetingAccepted,
    MeetingJoined,
    MeetingRequested,
    ParticipantRegistered,
    ParticipantWithdrew,
    RegistrationOpened,
    Representative,
    Table,
)
from tests.notifications.factories import ANNOUNCED, STARTS
from tests.system.properties.in_memory_world import PublishedEvent, received

RECEIVED = received(PublishedEvent(BROKERAGE, "e", 1, RegistrationOpened()), 1)


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


def test_representatives_are_called_by_the_labels_of_the_newest_registration() -> None:
    row = None
    for label in ("Vendite", "Acquisti"):
        named = (Representative(id="r1", label=label), Representative(id="r2"))
        event = ParticipantRegistered(event_id="e", member_id="a", representatives=named)
        row = fold_representatives("r", row, RECEIVED, event)
    assert row == Representatives("e", "a", {"r1": "Acquisti"})
    assert fold_representatives("r", row, RECEIVED, ParticipantWithdrew(event_id="e", member_id="a")) == row


def test_who_did_not_want_to_meet_who_requests_is_known_until_it_accepts() -> None:
    requested = MeetingRequested(event_id="e", mode="b2b", by="a", towards="b", others=("c",), unwilling=("b",))
    request = fold_meeting("m", None, RECEIVED, requested)
    answers = (MeetingJoined(event_id="e", by="b", towards="a"), MeetingAccepted(event_id="e", by="b", towards="a"))
    rows = [request, *(fold_meeting("m", request, RECEIVED, answer) for answer in answers)]
    assert [row and row.unwilling for row in rows] == [("b",), (), ()]
