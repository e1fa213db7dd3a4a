"""Each way to 503 has one shape: the metric by reason, and one log line a second."""

import pytest
from structlog.testing import capture_logs

from shared.chassis.errors import Invalid, Refusal, TooLarge, Unavailable
from shared.chassis.http.read_only_mode import ReadOnly
from shared.chassis.http.refusals import UnservedRequests
from shared.chassis.telemetry.metrics_and_traces import Metrics


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def counted(metrics: Metrics, reason: str) -> float:
    return metrics.registry.get_sample_value("distretti_http_refused_total", {"reason": reason}) or 0


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (Unavailable("overloaded", reason="busy"), "busy"),
        (Unavailable("outbox-full", reason="outbox"), "outbox"),
        (ReadOnly(), "read_only"),
        (Unavailable("unavailable", reason="outage"), "outage"),
        (TooLarge("body-too-large", most=1), "body"),
    ],
)
def test_a_request_that_was_not_served_is_counted_and_logged_by_its_reason(refusal: Refusal, reason: str) -> None:
    metrics = Metrics()
    with capture_logs() as logs:
        UnservedRequests(metrics).add(refusal)
    assert counted(metrics, reason) == 1
    assert [(entry["event"], entry["reason"], entry["code"], entry["count"]) for entry in logs] == [
        ("requests_refused", reason, refusal.code, 1)
    ]


def test_many_refusals_are_one_log_line_a_second_with_their_number() -> None:
    metrics, clock = Metrics(), Clock()
    unserved = UnservedRequests(metrics, clock)
    with capture_logs() as logs:
        for _ in range(50):
            unserved.add(Unavailable("overloaded", reason="busy"))
        unserved.add(Unavailable("outbox-full", reason="outbox"))
        clock.now += 1
        unserved.add(Unavailable("overloaded", reason="busy"))
    assert counted(metrics, "busy") == 51
    assert [(entry["reason"], entry["count"]) for entry in logs] == [("busy", 1), ("outbox", 1), ("busy", 50)]


def test_the_log_says_what_a_dependency_answered() -> None:
    refusal = Unavailable("unavailable", reason="outage")
    refusal.__cause__ = ConnectionError("no route")
    with capture_logs() as logs:
        UnservedRequests(Metrics()).add(refusal)
    assert logs[0]["cause"] == "ConnectionError('no route')"


def test_a_refusal_of_the_command_itself_is_none_of_these() -> None:
    with capture_logs() as logs:
        UnservedRequests(Metrics()).add(Invalid("invalid"))
    assert logs == []
