"""Whether the queue of mails moves: an alarm that lasts from the first refusal to the next mail taken."""

from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry, Gauge

from services.notifications.mail.stall import Stall

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Alarm:
    """A stall, the clock it reads, and the gauge it shows itself by."""

    def __init__(self) -> None:
        self.now = NOW
        self._registry = CollectorRegistry()
        self.stall = Stall(lambda: self.now, Gauge("stalled", "Seconds.", registry=self._registry))

    def seconds(self) -> float | None:
        return self._registry.get_sample_value("stalled")

    def after(self, seconds: int) -> Stall:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        return self.stall


def test_it_counts_from_the_first_refusal_until_a_mail_is_taken() -> None:
    alarm = Alarm()
    assert (alarm.stall.lasts, alarm.seconds()) == (False, 0)
    alarm.stall.begin("the server cannot be reached")
    alarm.after(30).begin("the server cannot be reached")
    alarm.after(10)
    assert (alarm.stall.lasts, alarm.seconds()) == (True, 40)
    alarm.stall.end()
    assert (alarm.stall.lasts, alarm.seconds()) == (False, 0)
    alarm.after(5).begin("again")
    alarm.after(1)
    assert alarm.seconds() == 1, "another one begins anew"


def test_a_mail_taken_since_a_moment_is_known() -> None:
    alarm = Alarm()
    assert not alarm.stall.ended_since(NOW - timedelta(days=1))
    alarm.after(10).end()
    assert alarm.stall.ended_since(NOW)
    assert not alarm.stall.ended_since(alarm.now)


def test_another_replicas_stall_is_not_shown() -> None:
    alarm = Alarm()
    alarm.stall.begin("refused")
    alarm.after(60).forget()
    assert (alarm.stall.lasts, alarm.seconds()) == (False, 0)
    assert not alarm.stall.ended_since(NOW - timedelta(days=1)), "nothing was taken"
