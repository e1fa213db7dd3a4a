"""Slots of two brokerage events at the same time. Pure."""

from services.events.brokerage.state import BrokerageEvent


def overlapping_slots(brokerage_event: BrokerageEvent, parallel: BrokerageEvent) -> dict[int, tuple[int, ...]]:
    """Name, for each slot of an event that overlaps with some of a parallel one, those slots; what touches does not overlap."""
    overlaps = {
        slot.number: tuple(
            candidate.number for candidate in parallel.slots if candidate.starts < slot.ends and slot.starts < candidate.ends
        )
        for slot in brokerage_event.slots
    }
    return {slot: parallel_slots for slot, parallel_slots in overlaps.items() if parallel_slots}
