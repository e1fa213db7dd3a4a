"""Reads an instance and judges a schedule of it. Shares no code with the scheduler: neither its parser nor its verifier."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

MORNING, AFTERNOON = 1, 2


def judge(text: str, fairness: int, slots: Sequence[int]) -> tuple[int, list[str]]:
    """Count the breaks of a schedule, given the slot of each meeting in order, and list every violated constraint."""
    fields = dict(re.findall(r"(\w+)\s*=\s*([^;]*);", re.sub(r"(?s)%[^\n]*|/\*.*?\*/", " ", text)))
    numbers = {name: [int(digits) for digits in re.findall(r"\d+", value)] for name, value in fields.items()}
    rows = numbers["requested"]
    meetings = list(zip(rows[0::3], rows[1::3], rows[2::3], strict=True))
    if len(slots) != len(meetings):
        return 0, [f"{len(slots)} slots for {len(meetings)} meetings"]
    last, morning, tables = (numbers[name][0] for name in ("nTotalSlots", "nMorningSlots", "nTables"))
    faults = [f"meeting {number} in slot {slot}" for number, slot in enumerate(slots, 1) if not 1 <= slot <= last]
    faults += [
        f"meeting {number} outside its session"
        for number, ((_, _, session), slot) in enumerate(zip(meetings, slots, strict=True), 1)
        if (session == MORNING and slot > morning) or (session == AFTERNOON and slot <= morning)
    ]
    faults += [
        f"meeting {number} not where it is fixed"
        for number, (fixed, slot) in enumerate(zip(numbers["fixed"], slots, strict=True), 1)
        if fixed not in (0, slot)
    ]
    for number, predecessors in enumerate(_sets(fields["precedences"]), 1):
        faults += [f"meeting {number} not after {earlier}" for earlier in predecessors if slots[earlier - 1] >= slots[number - 1]]
    faults += [f"slot {slot} over its tables" for slot, meeting_count in Counter(slots).items() if meeting_count > tables]
    busy = defaultdict(list)
    for (first, second, _), slot in zip(meetings, slots, strict=True):
        busy[first].append(slot)
        busy[second].append(slot)
    for participant, forbidden in enumerate(_sets(fields["forbidden"]), 1):
        conflicts = forbidden.intersection(busy.get(participant, ()))
        faults += [f"participant {participant} busy in forbidden slot {slot}" for slot in conflicts]
    double_booked = (participant for participant, attended in busy.items() if len(attended) != len(set(attended)))
    faults += [f"participant {participant} twice in a slot" for participant in double_booked]
    breaks = [sum(slot - 1 not in attended for slot in set(attended)) - 1 for attended in busy.values()]
    if breaks and max(breaks) - min(breaks) > fairness:
        faults.append(f"breaks differ by {max(breaks) - min(breaks)}")
    return sum(breaks), faults


def _sets(text: str) -> list[set[int]]:
    """Every group in braces, and every range outside of them, without the zeros that pad empty sets."""
    return [_members(group) - {0} for group in re.findall(r"\{[^{}]*\}|\d+\s*\.\.\s*\d+", text)]


def _members(group: str) -> set[int]:
    parts = re.findall(r"(\d+)(?:\s*\.\.\s*(\d+))?", group)
    return {number for first, last in parts for number in range(int(first), int(last or first) + 1)}
