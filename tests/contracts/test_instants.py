"""Moments at the edge of the calendar."""

import pytest
from pydantic import ValidationError

from shared.contracts.events import Slot


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_that_is_none_in_utc_is_a_wrong_field(moment: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Slot.model_validate({"number": 1, "starts": moment, "ends": "2026-11-22T09:00:00Z"})
    assert [error["loc"] for error in wrong.value.errors()] == [("starts",)]
