"""Whether the queue of mails moves: an alarm for operators, as a metric and in the log."""

from collections.abc import Callable
from datetime import datetime

import structlog
from prometheus_client import Gauge

log = structlog.get_logger()


class Stall:
    """The time since which the mail server has taken no mail, while mails were due; None while it takes them.

    `gauge` shows it in seconds, 0 while mails go out or there are none.
    """

    def __init__(self, clock: Callable[[], datetime], gauge: Gauge) -> None:
        self._clock = clock
        self._since: datetime | None = None
        self._last_accepted: datetime | None = None
        gauge.set_function(self._seconds)

    @property
    def lasts(self) -> bool:
        """Whether the server took no mail when it was last asked."""
        return self._since is not None

    def ended_since(self, moment: datetime) -> bool:
        """Whether this process saw the server take a mail since."""
        return self._last_accepted is not None and self._last_accepted > moment

    def begin(self, reason: str) -> None:
        """Note that the server refuses what is sent, whatever mail it is."""
        if self._since is None:
            self._since = self._clock()
            log.error("mail_queue_stalled", reason=reason)

    def end(self) -> None:
        """Note that the server has taken a mail."""
        self._last_accepted = self._clock()
        if self._since is not None:
            log.info("mail_queue_moves", stalled_seconds=self._seconds())
            self._since = None

    def forget(self) -> None:
        """Leave it to another replica, which sends from now on."""
        self._since = None

    def _seconds(self) -> float:
        return (self._clock() - self._since).total_seconds() if self._since else 0.0
