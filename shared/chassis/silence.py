"""A reader of topics notices when Kafka gives nothing of what is there: the client itself would ask for ever."""

import time

SILENT_SECONDS = 60


class KafkaSilent(Exception):
    """Kafka gave no record for a minute, though there were more to come."""


class Patience:
    """Waits for records of one place for `SILENT_SECONDS` at most."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._heard = time.monotonic()

    def heard(self, count: int) -> None:
        """Note how many records came. Raises KafkaSilent."""
        if count:
            self._heard = time.monotonic()
        elif time.monotonic() - self._heard > SILENT_SECONDS:
            raise KafkaSilent(f"Kafka gave no record of {self._place} for {SILENT_SECONDS} s: see its log.")
