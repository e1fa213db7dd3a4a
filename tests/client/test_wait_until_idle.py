"""A system is idle when nothing is unsent, unapplied, unranked or unmailed, three times in a row."""

from typing import Any, cast

import pytest

from distretti.client import wait_until_idle as module
from distretti.client.api import Client
from distretti.client.wait_until_idle import activity, wait_until_idle

PROCESSES = {"registry": "http://registry", "registry-2": "http://replica"}
IDLE: dict[str, Any] = {
    "http://registry/health/progress": {"unsent": 0, "consumers": {}},
    "http://replica/health/progress": {"unsent": 0, "consumers": {"hearing.members": {"lag": 0, "waiting": 3}}},
    "/matching/v1/ranking": {"dirty": 0},
    "/notifications/v1/statistics": {"queued": 0},
}


class Answers:
    """A client of a system that does one thing after the other; then it stays as it is."""

    def __init__(self, *states: dict[str, Any]) -> None:
        self.states = [IDLE | state for state in states]
        self.checks = 0

    async def get(self, path: str) -> Any:
        answer = self.states[0][path]
        if path == "/notifications/v1/statistics":  # the last that a check asks
            self.checks += 1
            self.states = self.states[1:] or self.states
        return answer


def client(*states: dict[str, Any]) -> tuple[Client, Answers]:
    answers = Answers(*states)
    return cast(Client, answers), answers


LAGGING = {"http://replica/health/progress": {"unsent": 0, "consumers": {"hearing.members": {"lag": 2, "waiting": 0}}}}
UNASSIGNED = {"http://replica/health/progress": {"unsent": 0, "consumers": {"hearing.members": {"lag": None, "waiting": 0}}}}
UNSENT = {"http://registry/health/progress": {"unsent": 5, "consumers": {}}}


@pytest.mark.parametrize(
    ("state", "active"),
    [
        ({}, {}),
        (UNSENT, {"registry": {"unsent": 5}}),
        (LAGGING, {"registry-2": {"unsent": 0, "hearing.members": {"lag": 2, "waiting": 0}}}),
        (UNASSIGNED, {"registry-2": {"unsent": 0, "hearing.members": {"lag": None, "waiting": 0}}}),
        ({"/matching/v1/ranking": {"dirty": 7}}, {"ranking": 7}),
        ({"/notifications/v1/statistics": {"queued": 1}}, {"mail": 1}),
    ],
)
async def test_work_under_way_is_named_by_process(state: dict[str, Any], active: dict[str, Any]) -> None:
    assert await activity(client(state)[0], PROCESSES) == active


async def test_work_between_two_checks_begins_the_count_anew() -> None:
    connected, answers = client({}, {}, UNSENT, {})
    await wait_until_idle(connected, PROCESSES)
    assert answers.checks == 6


async def test_a_system_that_stays_busy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_SECONDS", 0)
    with pytest.raises(TimeoutError, match="ranking"):
        await wait_until_idle(client({"/matching/v1/ranking": {"dirty": 7}})[0], PROCESSES)
