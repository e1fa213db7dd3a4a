"""Long polls that end by a change, by time, or because the client has gone; and entity tags."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from services.matching.suggestion.long_poll import LongPoll, digest, weak_tag


class Permit:
    """A place among the requests at work."""

    held = True

    @asynccontextmanager
    async def released_while_waiting(self) -> AsyncIterator[None]:
        self.held = False
        try:
            yield
        finally:
            self.held = True


class Watcher:
    """Answers a wait as it is told to; `cancelled` when nobody waits for the answer any more."""

    def __init__(self, permit: Permit, answer: bool | None) -> None:
        self.permit, self.answer, self.cancelled = permit, answer, False

    async def wait(self, member: str, computed: object, seconds: float) -> bool:
        assert (member, computed, seconds) == ("a", None, 5)
        assert not self.permit.held
        if self.answer is None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        return bool(self.answer)


async def never() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def poll(answer: bool | None, receive: Any = never) -> tuple[LongPoll, Watcher, Permit]:
    permit = Permit()
    watcher = Watcher(permit, answer)
    request = SimpleNamespace(state=SimpleNamespace(permit=permit), receive=receive)
    return LongPoll(request, watcher, "member:a"), watcher, permit  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [True, False])
async def test_the_watchers_answer_is_the_polls_and_the_place_is_held_outside_the_wait(answer: bool) -> None:
    long_poll, _, permit = poll(answer)
    assert await long_poll.wait("a", None, 5) is answer
    assert permit.held


async def test_a_client_that_disconnects_ends_the_wait() -> None:
    messages = iter(({"type": "http.request"}, {"type": "http.disconnect"}))

    async def receive() -> dict[str, Any]:
        return next(messages)

    long_poll, watcher, permit = poll(None, receive)
    assert await asyncio.wait_for(long_poll.wait("a", None, 5), 1) is False
    assert permit.held
    assert watcher.cancelled


async def test_a_wait_that_is_cancelled_takes_its_place_again_and_leaves_nothing_behind() -> None:
    long_poll, watcher, permit = poll(None)
    waiting = asyncio.create_task(long_poll.wait("a", None, 5))
    while permit.held:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert permit.held
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert watcher.cancelled


def test_equal_values_have_equal_tags_and_others_other_ones() -> None:
    assert digest(("a", 1)) == digest(("a", 1)) != digest(("a", 2))
    assert len(digest("")) == 24
    assert weak_tag(["a"]) == f'W/"{digest(["a"])}"'
