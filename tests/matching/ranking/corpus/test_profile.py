"""What is visible of a member to another."""

import pytest

from services.matching.ranking import can_see
from services.matching.ranking.corpus.profile import is_open
from tests.matching.ranking.factories import firm, offer


@pytest.mark.parametrize(("visibility", "expected"), [("network", True), ("public", True), ("district", False), ("other", False)])
def test_only_what_is_explicitly_open_is_open(visibility: str, expected: bool) -> None:
    assert is_open(visibility) is expected


def test_a_restricted_item_is_seen_by_its_owner_and_in_a_shared_district() -> None:
    owner, item = firm("owner"), offer("Slabs", visibility="district")
    assert can_see(owner, owner, item)
    assert can_see(firm("neighbour"), owner, item)
    assert not can_see(firm("outsider", districts=frozenset({"fashion"})), owner, item)
