"""Counts and logs the requests that a service could not serve: overload, a full outbox, read-only mode, an outage."""

import time
from collections import Counter
from collections.abc import Callable

import structlog

from shared.chassis.errors import Refusal
from shared.chassis.telemetry.metrics_and_traces import Metrics

log = structlog.get_logger()
LOG_SECONDS = 1.0


class UnservedRequests:
    """By the `reason` of their refusal. At most one log line a second for each reason: overload must not fill the log."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._metrics = metrics
        self._clock = clock
        self._unlogged: Counter[str] = Counter()
        self._logged_at: dict[str, float] = {}

    def add(self, refusal: Refusal) -> None:
        """Count a refusal; one without a reason says something of the command, and is none of these."""
        reason = refusal.reason
        if reason is None:
            return
        self._metrics.refused.labels(reason).inc()
        self._unlogged[reason] += 1
        now = self._clock()
        if now - self._logged_at.get(reason, float("-inf")) < LOG_SECONDS:
            return
        cause = repr(refusal.__cause__) if refusal.__cause__ else None
        log.warning("requests_refused", reason=reason, code=refusal.code, count=self._unlogged.pop(reason), cause=cause)
        self._logged_at[reason] = now
