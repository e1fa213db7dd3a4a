"""The suggestions that the demo shows: both languages are of the same partner, read before the lists change."""

from typing import Any, cast

from distretti.client.sources import Source
from tools.demo.matchmaking import MODES, Matches
from tools.demo.run import Demo


def suggestion(partner: str, score: float, language: str) -> dict[str, Any]:
    return {"partner": partner, "name": f"Firm {partner}", "score": score, "why": f"{partner} in {language}"}


class Api:
    """Lists in which another partner has come first since they were read."""

    async def get(self, path: str, member: str, language: str) -> dict[str, Any]:
        mode = path.partition("mode=")[2]
        return {"suggestions": {mode: [suggestion("late", 0.9, language), suggestion("best", 0.8, language)]}}


async def test_the_italian_sentence_is_of_the_partner_in_the_title() -> None:
    demo = Demo(cast(Any, None), cast(Any, Api()), cast(Any, None), Source([]), names={"m": "Anna"})
    demo.matches = Matches({"m": {mode: [suggestion("best", 0.8, "en")] for mode in MODES}})
    examples = await demo.read_examples()
    assert [(item["mode"], item["name"], item["why"], item["why_it"]) for item in examples] == [
        (mode, "Firm best", "best in en", "best in it") for mode in MODES
    ]
