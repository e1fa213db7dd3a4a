"""The differences between two versions of an agenda."""

from dataclasses import replace

from services.events.agenda.rules.differences import Move, differences
from tests.events.computation.factories import newest

BEFORE = newest(
    {
        "moved": (("anna", "bruno"), 1, 1),
        "removed": (("anna", "carla"), 2, 1),
        "represented": (("carla", "dora"), 1, 2),
        "reseated": (("bruno", "dora"), 3, 1),
        "same": (("elio", "fabio"), 3, 2),
    }
)
AFTER = newest(
    {
        "added": (("anna", "elio"), 2, 1),
        "moved": (("anna", "bruno"), 2, 2),
        "represented": (("carla", "dora"), 1, 2),
        "reseated": (("bruno", "dora"), 3, 3),
        "same": (("elio", "fabio"), 3, 2),
    },
    {"represented": ("carla", "dora:r2")},
)


def test_each_change_is_in_one_list_only() -> None:
    old, new = ({placement.meeting_id: placement for placement in agenda.placements} for agenda in (BEFORE, AFTER))
    changes = differences(BEFORE, AFTER)
    assert changes.added == (new["added"],)
    assert changes.removed == (old["removed"],)
    assert changes.moved == (Move("moved", old["moved"], new["moved"]),), "another slot counts before another table"
    assert changes.reseated == (Move("reseated", old["reseated"], new["reseated"]),)
    assert changes.represented == (Move("represented", old["represented"], new["represented"]),)
    assert changes.members == ("anna", "bruno", "carla", "dora", "elio"), "Fabio's agenda is the same"


def test_the_same_version_differs_in_nothing() -> None:
    changes = differences(BEFORE, replace(BEFORE, breaks=9))
    assert changes == differences(AFTER, AFTER)
    assert changes.members == ()
