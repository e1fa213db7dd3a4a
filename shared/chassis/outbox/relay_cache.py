"""What the relay is given in memory, so that it need not look for it. Pure; the outbox stays the record of what is unsent."""

from collections.abc import Sequence

from shared.chassis.mongo import Document

Lane = tuple[str, str]
"""Topic and key of an aggregate."""


class Handover:
    """Commits handed over, and how far each aggregate is known to be sent. Keeps `most` events and a multiple of lanes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._given: list[Document] = []
        self._reached: dict[Lane, int] = {}
        self.incomplete = False
        """Something cannot be sent from memory: the outbox must be looked at."""

    def give(self, documents: Sequence[Document]) -> None:
        """Add committed events."""
        self._given += documents
        if len(self._given) > self._most:
            self.forget()
            self.incomplete = True

    def take(self) -> list[Document]:
        """Take the events that are next of their aggregates: the first ever, or after one that is known to be sent.

        What was sent already is left out; what comes after something unknown (another replica's commit) makes it `incomplete`.
        """
        given, self._given = self._given, []
        reached: dict[Lane, int] = {}
        ready: list[Document] = []
        for document in given:
            lane = lane_of(document)
            before = reached.get(lane, self._reached.get(lane, 0))
            if document["sequence"] == before + 1:
                ready.append(document)
                reached[lane] = before + 1
            elif document["sequence"] > before:
                self.incomplete = True
        return ready

    def sent(self, documents: Sequence[Document]) -> None:
        """Remember what was acknowledged, each aggregate's in order."""
        if len(self._reached) > self._most * 10:
            self._reached.clear()
        for document in documents:
            lane = lane_of(document)
            self._reached[lane] = max(document["sequence"], self._reached.get(lane, 0))

    def forget(self) -> None:
        """Drop what was given: it is in the outbox."""
        self._given = []


def lane_of(document: Document) -> Lane:
    """Tell which aggregate an outbox document is about."""
    return document["topic"], document["key"]
