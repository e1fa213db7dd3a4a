"""Runs an asynchronous context manager for synchronous code."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def in_background(resource: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Enter `resource` on an event loop in a thread of its own; exit it at the end of the block.

    For session-scoped fixtures: this loop supervises child processes while each test has a loop of its own.
    """
    loop = asyncio.new_event_loop()
    # PR_SET_PDEATHSIG fires when the thread that forked ends, so the thread must outlive the block.
    thread = threading.Thread(target=loop.run_forever, name="background-loop", daemon=True)
    thread.start()
    try:
        entered = asyncio.run_coroutine_threadsafe(resource.__aenter__(), loop).result()
        try:
            yield entered
        finally:
            asyncio.run_coroutine_threadsafe(resource.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
