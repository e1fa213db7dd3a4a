"""The rules of a delivery."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.mail.rules import LONGEST_PAUSE, MAX_ATTEMPTS, evolve_delivery, next_attempt, settle
from shared.contracts.notifications import MessageFailed, MessageSent

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SENT = MessageSent(recipient="m1", template="welcome", cause="e1")
FAILED = MessageFailed(recipient="m1", template="welcome", cause="e1", reason="the mail server answered 550")


def test_the_first_outcome_stands() -> None:
    assert settle(None, SENT) == [SENT]
    sent = evolve_delivery(None, SENT)
    assert (sent.status, sent.reason) == ("sent", None)
    assert settle(sent, SENT) == settle(sent, FAILED) == []
    failed = evolve_delivery(None, FAILED)
    assert (failed.status, failed.reason) == ("failed", "the mail server answered 550")


@given(st.integers(1, MAX_ATTEMPTS - 2))
def test_pauses_grow_to_an_hour(attempts: int) -> None:
    first, second = next_attempt(attempts, NOW), next_attempt(attempts + 1, NOW)
    assert first is not None
    assert second is not None
    assert NOW < first <= second <= NOW + LONGEST_PAUSE


def test_it_is_tried_for_four_days_and_then_given_up() -> None:
    tries = [next_attempt(attempts, NOW) for attempts in range(1, MAX_ATTEMPTS)]
    assert sum((retry - NOW for retry in tries if retry), timedelta()) > timedelta(days=4)
    assert next_attempt(MAX_ATTEMPTS, NOW) is None
    assert next_attempt(MAX_ATTEMPTS, NOW, final=False) == NOW + LONGEST_PAUSE
