"""Reads an instance and judges a schedule of it. Shares no code with the scheduler: not its reader, nor its checks."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

MORNING, AFTERNOON = 1, 2


def judge(text: str, fairness: int, slots: Sequence[int]) -> tuple[int, list[str]]:
    """Count the breaks of a schedule, the slot of each meeting in order, and tell every rule it violates."""
    fields = dict(re.findall(r"(\w+)\s*=\s*([^;]*);", re.sub(r"(?s)%[^\n]*|/\*.*?\*/", " ", text)))
    numbers = {name: [int(found) for found in re.findall(r"\d+", value)] for name, value in fields.items()}
    rows = numbers["requested"]
    meetings = list(zip(rows[0::3], rows[1::3], rows[2::3], strict=True))
    if len(slots) != len(meetings):
        return 0, [f"{len(slots)} slots for {len(meetings)} meetings"]
    last, morning, tables = (numbers[name][0] for name in ("nTotalSlots", "nMorningSlots", "nTables"))
    found = [f"meeting {number} in slot {slot}" for number, slot in enumerate(slots, 1) if not 1 <= slot <= last]
    found += [
        f"meeting {number} outside its session"
        for number, ((_, _, session), slot) in enumerate(zip(meetings, slots, strict=True), 1)
        if (session == MORNING and slot > morning) or (session == AFTERNOON and slot <= morning)
    ]
    found += [
        f"meeting {number} not where it is fixed"
        for number, (wanted, slot) in enumerate(zip(numbers["fixed"], slots, strict=True), 1)
        if wanted not in (0, slot)
    ]
    for number, earlier in enumerate(_sets(fields["precedences"]), 1):
        found += [f"meeting {number} not after {other}" for other in earlier if slots[other - 1] >= slots[number - 1]]
    found += [f"slot {slot} over its tables" for slot, meeting_count in Counter(slots).items() if meeting_count > tables]
    days = defaultdict(list)
    for (one, other, _), slot in zip(meetings, slots, strict=True):
        days[one].append(slot)
        days[other].append(slot)
    for who, absent in enumerate(_sets(fields["forbidden"]), 1):
        found += [f"participant {who} busy in forbidden slot {slot}" for slot in absent.intersection(days.get(who, ()))]
    found += [f"participant {who} twice in a slot" for who, mine in days.items() if len(mine) != len(set(mine))]
    breaks = [sum(slot - 1 not in mine for slot in set(mine)) - 1 for mine in days.values()]
    if breaks and max(breaks) - min(breaks) > fairness:
        found.append(f"breaks differ by {max(breaks) - min(breaks)}")
    return sum(breaks), found


def _sets(text: str) -> list[set[int]]:
    """Every group in braces, and every range outside of them."""
    return [_members(group) - {0} for group in re.findall(r"\{[^{}]*\}|\d+\s*\.\.\s*\d+", text)]


def _members(group: str) -> set[int]:
    parts = re.findall(r"(\d+)(?:\s*\.\.\s*(\d+))?", group)
    return {number for first, last in parts for number in range(int(first), int(last or first) + 1)}
