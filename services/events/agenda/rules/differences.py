"""What differs between two versions of an agenda."""

from collections.abc import Mapping
from typing import Any

Agenda = Mapping[str, Any]


def differences(before: Agenda, after: Agenda) -> dict[str, Any]:
    """Tell which meetings are new, gone, in another slot, only at another table, or only with other people of the same members,
    and whose agenda changes by it."""
    old = {one["meeting_id"]: one for one in before["placements"]}
    new = {one["meeting_id"]: one for one in after["placements"]}
    both = old.keys() & new.keys()
    moved = {id for id in both if old[id]["slot"] != new[id]["slot"]}
    reseated = {id for id in both - moved if old[id]["table"] != new[id]["table"]}
    represented = {id for id in both - moved - reseated if tuple(old[id].get("people", ())) != tuple(new[id].get("people", ()))}
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    changed = [new.get(id) or old[id] for id in added | removed | moved | reseated | represented]
    return {
        "added": [_place(new[id]) for id in sorted(added)],
        "removed": [_place(old[id]) for id in sorted(removed)],
        "moved": [{"meeting_id": id, "before": _place(old[id]), "after": _place(new[id])} for id in sorted(moved)],
        "reseated": [{"meeting_id": id, "before": _place(old[id]), "after": _place(new[id])} for id in sorted(reseated)],
        "represented": [{"meeting_id": id, "before": _place(old[id]), "after": _place(new[id])} for id in sorted(represented)],
        "members": sorted({member for one in changed for member in (*one["members"], *one["others"])}),
    }


def _place(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: one[name] for name in ("meeting_id", "members", "others", "slot", "table")}, "people": one.get("people", ())}
