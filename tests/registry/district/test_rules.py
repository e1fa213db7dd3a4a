"""The rules of districts: what is refused, and what changes nothing."""

import pytest

from services.registry.district.rules import open_district
from services.registry.district.state import evolve
from shared.chassis.errors import Refusal
from shared.contracts.base import LocalizedText
from shared.contracts.registry import DistrictOpened

MARBLE = DistrictOpened(name=LocalizedText(it="Marmo", en="Marble"), theme=LocalizedText(it="Pietre", en="Stones"))


def test_a_district_is_opened_once() -> None:
    [opened] = open_district(None, MARBLE)
    state = evolve(None, opened)
    assert open_district(state, MARBLE) == []
    with pytest.raises(Refusal, match="district-exists"):
        open_district(state, MARBLE.model_copy(update={"theme": MARBLE.name}))
