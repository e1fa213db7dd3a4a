"""Cursors, and pages of aggregates on a real MongoDB."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.district import rules
from services.registry.district.aggregate import DISTRICT
from shared.chassis.config import Settings
from shared.chassis.errors import Invalid
from shared.chassis.http.pagination import Page, aggregate_page, read_cursor, write_cursor
from shared.chassis.outbox.cause import Cause
from shared.contracts.base import LocalizedText
from shared.contracts.registry import DistrictOpened
from tests.chassis.write_path_fixture import writing


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_names_the_place_where_a_page_ended(id: str) -> None:
    assert read_cursor(write_cursor(id)) == id


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!!",
        "abc",
        "%FF",
        "è",
        "ImEi ",
        "Im!Ei",
        "ImEi====",
        "ICJhIg==",
        *(base64.urlsafe_b64encode(json.dumps(value).encode()).decode() for value in (7, None)),
    ],
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor-malformed"):
        read_cursor(cursor)


async def test_pages_of_aggregates_are_typed_and_in_order(settings: Settings) -> None:
    async with writing(settings) as write:
        for id in ("fashion", "marble", "biotech"):
            opened = DistrictOpened(name=LocalizedText(it=id, en=id.title()), theme=LocalizedText(it="t", en="t"))
            await write.execute(DISTRICT, id, lambda state, opened=opened: rules.open_district(state, opened), Cause("test"))  # type: ignore[misc]

        async def page(cursor: str | None) -> Page[str]:
            return await aggregate_page(write.mongo, DISTRICT, {}, 2, cursor, lambda district: district.state.name.en)

        first = await page(None)
        assert first.items == ["Biotech", "Fashion"]
        second = await page(first.next)
        assert (second.items, second.next) == (["Marble"], None)
