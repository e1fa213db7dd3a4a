"""Sentences name statuses, kinds and schemes by words of their language, never by the code."""

from typing import get_args

import pytest

from services.events.meeting.state import Status as MeetingStatus
from services.registry.identity.identifiers import SCHEMES
from services.registry.member.state import Status as MemberStatus
from shared.chassis.texts import LANGUAGES, Texts, text
from shared.contracts.registry import Kind


@pytest.mark.parametrize(
    ("service", "prefix", "codes"),
    [
        ("registry", "status", get_args(MemberStatus)),
        ("registry", "scheme", (*(scheme for scheme in SCHEMES if scheme != "fiscal-code"), "register")),
        ("events", "status", [status for status in get_args(MeetingStatus) if status != "requested"]),
        ("matching", "kind", get_args(Kind)),
    ],
)
def test_each_code_that_a_sentence_names_has_words(service: str, prefix: str, codes: list[str]) -> None:
    texts = Texts(f"services.{service}")
    for code in codes:
        names = [texts.write(text(f"{prefix}-{code}"), language) for language in LANGUAGES]
        assert all(names), code
        assert names[0] != code
