"""Commands that book a place: another is looked for while there is one to have."""

from collections.abc import Awaitable, Callable

from fastapi import Response

from services.events.agenda.rules.place_claims import place_claims, taken
from services.events.meeting.state import Place
from shared.chassis.errors import Claimed

Look = Callable[[], Awaitable[Place | None]]


async def booked(event: str, slot: int, look: Look, run: Callable[[Place | None], Awaitable[Response]]) -> Response:
    """Run a command with the place that was found; where it was taken just now, with another.

    Raises Refusal where there is no other, saying who or which table is taken.
    """
    while True:
        place = await look()
        try:
            return await run(place)
        except Claimed as claimed:
            again = await look()
            if again is not None and claimed.claim in place_claims(event, slot, *again):
                raise taken(claimed.claim) from claimed
