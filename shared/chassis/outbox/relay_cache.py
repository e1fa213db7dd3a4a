"""Commits of this process, cached for the relay so that it need not read them. The outbox stays the record of what is unsent."""

from collections.abc import Sequence

from shared.chassis.mongo import Document

Stream = tuple[str, str]
"""Topic and key of an aggregate's events."""


class RelayCache:
    """Committed events, and the last sequence sent of each stream. Bounded: `capacity` events, and ten times as many streams."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._committed: list[Document] = []
        self._last_sent: dict[Stream, int] = {}
        self.incomplete = False
        """Some unsent event is not cached: the outbox must be read."""

    def add(self, documents: Sequence[Document]) -> None:
        """Add committed events."""
        self._committed += documents
        if len(self._committed) > self._capacity:
            self.clear()
            self.incomplete = True

    def take(self) -> list[Document]:
        """Take the events that are next in their streams: the first of all, or those after the last one sent.

        Events sent already are left out; one behind a gap (a commit of another replica) makes the cache `incomplete`.
        """
        committed, self._committed = self._committed, []
        last_taken: dict[Stream, int] = {}
        ready: list[Document] = []
        for document in committed:
            stream = stream_of(document)
            last = last_taken.get(stream, self._last_sent.get(stream, 0))
            if document["sequence"] == last + 1:
                ready.append(document)
                last_taken[stream] = last + 1
            elif document["sequence"] > last:
                self.incomplete = True
        return ready

    def mark_sent(self, documents: Sequence[Document]) -> None:
        """Remember which events were acknowledged."""
        if len(self._last_sent) > self._capacity * 10:
            self._last_sent.clear()
        for document in documents:
            stream = stream_of(document)
            self._last_sent[stream] = max(document["sequence"], self._last_sent.get(stream, 0))

    def clear(self) -> None:
        """Drop the cached events: they are in the outbox."""
        self._committed = []


def stream_of(document: Document) -> Stream:
    """The stream of an outbox document."""
    return document["topic"], document["key"]
