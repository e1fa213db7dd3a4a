"""The bundled sample: invented, valid, and wide enough to show what the system does."""

import json
import re
from collections import Counter
from datetime import date

import pytest
from stdnum.it import iva

from distretti.importers.dzn_event import read_b2b
from distretti.importers.import_line import Line
from shared.contracts.base import LocalizedText
from shared.contracts.taxonomy import TOPICS
from tests.importers.fixtures import ROOT, assert_sound


@pytest.fixture(scope="module")
def members() -> list[Line]:
    text = (ROOT / "distretti/sample/members.ndjson").read_text("utf-8")
    return [Line.model_validate_json(line) for line in text.splitlines()]


def test_districts_of_the_seed_have_names_and_themes_in_both_languages() -> None:
    rows = json.loads((ROOT / "services/registry/seed/districts.json").read_text("utf-8"))
    assert [row["id"] for row in rows] == [
        "fashion", "interiors-design", "marble", "life-sciences", "new-materials", "nautical-ports", "railways",
        "energy-green",
    ]  # fmt: skip
    for row in rows:
        name, theme = LocalizedText(**row["name"]), LocalizedText(**row["theme"])
        assert name.it != name.en
        assert theme.it != theme.en


def test_members_are_sound_and_named_once(members: list[Line]) -> None:
    assert len(members) >= 60
    assert_sound(members)
    assert len({member.name for member in members}) == len(members)
    assert len({member.contact.email for member in members if member.contact}) == len(members)
    assert all(member.profile.website and member.profile.website.endswith(".example") for member in members)


def test_numbers_are_valid_and_from_the_invented_range(members: list[Line]) -> None:
    for member in members:
        for identifier in member.identifiers:
            if identifier.scheme == "vat":
                assert iva.is_valid(identifier.value.removeprefix("IT")), member.name
                assert identifier.value.startswith("IT990")
            elif identifier.scheme == "fiscal-code":
                assert iva.is_valid(identifier.value), member.name
                assert identifier.value.startswith("990")
            elif identifier.scheme == "pic":
                assert re.fullmatch(r"1\d{8}", identifier.value), member.name


def test_every_kind_district_language_and_topic_is_there(members: list[Line]) -> None:
    kinds = Counter(member.kind for member in members)
    assert min(kinds.values()) >= 6
    assert len(kinds) == 5
    districts = Counter(district for member in members for district in member.districts)
    assert min(districts.values()) >= 9
    assert len(districts) == 8
    languages = Counter(member.profile.language for member in members)
    assert min(languages["it"], languages["en"]) >= 20
    assert {topic for member in members for offer in member.offers for topic in offer.topics} == set(TOPICS)


def test_every_need_has_an_offer_of_its_nature_on_a_shared_topic_by_someone_else(members: list[Line]) -> None:
    """So that no need of the sample is without a suggestion in its mode."""
    for member in members:
        assert 1 <= len(member.offers) <= 4, member.name
        assert len(member.needs) <= 3, member.name
        for need in member.needs:
            other_offers = (offer for candidate in members if candidate is not member for offer in candidate.offers)
            assert any(offer.nature == need.nature and set(offer.topics) & set(need.topics) for offer in other_offers), (
                f"{member.name}: {need.title}"
            )


def test_some_needs_are_answered_only_in_the_other_language(members: list[Line]) -> None:
    crossing = 0
    for member in members:
        for need in member.needs:
            answers = {
                offer.language
                for candidate in members
                if candidate is not member
                for offer in candidate.offers
                if offer.nature == need.nature and need.topics[0] == offer.topics[0]
            }
            crossing += answers == {"it", "en"} - {need.language}
    assert crossing >= 5


def test_the_sample_instance_is_an_event_of_the_same_61_participants(members: list[Line]) -> None:
    event = read_b2b(ROOT / "distretti/sample/meetings.dzn", date(2027, 3, 10))
    assert len(event.pairs) == 129
    assert len(event.members) == len(members)
