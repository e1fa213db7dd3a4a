"""Check-in codes: each participant's own at each event, the same each time, and of one key that is made once."""

import asyncio
from xml.etree import ElementTree

import pytest

from services.events.registration.check_in_codes import KEYS, LENGTH, check_code, code_of, picture_of, text_of
from shared.chassis.errors import Invalid
from shared.chassis.mongo import Mongo


async def test_a_code_is_of_one_participant_at_one_event(mongo: Mongo) -> None:
    # Many at once find no key: one is made, and all codes are of it.
    same = await asyncio.gather(*(code_of(mongo, "fair", "anna") for _ in range(8)))
    assert len(set(same)) == 1
    assert await mongo[KEYS].count_documents({}) == 1
    pairs = [("fair", "anna"), ("fair", "bruno"), ("feast", "anna"), ("fair:a", "nna")]
    codes = [await code_of(mongo, *pair) for pair in pairs]
    assert len(set(codes)) == len(pairs)
    assert {len(bytes.fromhex(code)) * 2 for code in codes} == {LENGTH}

    await check_code(mongo, "fair", "anna", codes[0])
    await check_code(mongo, "fair", "anna", text_of("fair", "anna", codes[0]))
    others_texts = [text_of(*pair, code) for pair, code in zip(pairs[1:], codes[1:], strict=True)]
    forged = [text_of("fair", "anna", codes[1]), text_of("fair", "bruno", codes[0]), text_of("fair", "anna", "")]
    for wrong in (codes[1], codes[2], codes[0].upper(), codes[0][:-1], "", "é", *others_texts, *forged):
        with pytest.raises(Invalid) as refused:
            await check_code(mongo, "fair", "anna", wrong)
        assert refused.value.errors[0].field == "code"


def test_the_picture_is_of_the_text_that_names_event_participant_and_code() -> None:
    text = text_of("fair", "anna", "c0de")
    assert text == "distretti:check-in/fair/anna/c0de"
    drawn = ElementTree.fromstring(picture_of(text))
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture_of(text) != picture_of(text_of("fair", "bruno", "c0de"))
