"""Runs an asynchronous context manager for code that is not asynchronous."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def in_background(resource: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Enters `resource` on an event loop in a thread of its own, and leaves it at the end of the block.

    For fixtures that live as long as a test run: the loop watches the children while each test has a loop of its own.
    """
    loop = asyncio.new_event_loop()
    # Children die with the thread that started them, so the thread must outlive the block.
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
