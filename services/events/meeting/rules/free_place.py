"""The free place an appointment needs."""

from services.events.errors import refused
from services.events.meeting.state import Place


def free_place(place: Place | None, table: int | None = None) -> Place:
    """Return the place that was found, at `table` where that was asked for. Raises Refusal where there is none."""
    if place is not None:
        return place
    if table is not None:
        raise refused(
            "table-not-theirs",
            "table",
            it="Questo tavolo non è per loro: è di altri, virtuale o troppo piccolo. Indicarne un altro, o nessuno.",
            en="This table is not for them: it is somebody's, virtual or too small. Name another, or none.",
        )
    it = "In questo slot nessun tavolo adatto è libero."
    raise refused("no-table-free", "slot", it=it, en="No table that fits is free in this slot.")
