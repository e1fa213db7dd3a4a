"""Which members may see an offer or need."""

from itertools import product

import pytest

from services.matching.ranking import can_see
from services.matching.ranking.corpus.profile import is_open
from tests.matching.ranking.factories import firm, need, offer


@pytest.mark.parametrize(("visibility", "expected"), [("public", True), ("network", True), ("district", False), ("later", False)])
def test_only_what_is_explicitly_open_is_open(visibility: str, expected: bool):
    assert is_open(visibility) is expected


@pytest.mark.parametrize(("viewer", "make"), list(product(("owner", "neighbour", "outsider"), (offer, need))))
def test_a_restricted_item_is_seen_by_its_owner_and_by_its_districts(viewer: str, make):
    owner = firm("owner", districts=frozenset({"marble", "fashion"}))
    viewers = {
        "owner": owner,
        "neighbour": firm("neighbour", districts=frozenset({"fashion", "railways"})),
        "outsider": firm("outsider", districts=frozenset({"railways"})),
    }
    assert can_see(viewers[viewer], owner, make("Hulls", visibility="district")) is (viewer != "outsider")
    assert can_see(viewers[viewer], owner, make("Hulls", visibility="network"))


def test_who_has_no_district_sees_its_own_restricted_items():
    owner = firm("owner", districts=frozenset())
    restricted = offer("Hulls", visibility="district")
    assert can_see(owner, owner, restricted)
    assert not can_see(firm("b", districts=frozenset()), owner, restricted)
