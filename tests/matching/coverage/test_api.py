"""A manager's view: who finds nobody, and which needs find no answer."""

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.matching.coverage.queries import ANSWERS, Need, answering_modes, open_modes
from services.matching.projections.brokerage import DISTRICTS
from services.matching.ranking import ShortlistIndex
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from tests.lib.services import bearer, serving
from tests.matching.factories import ROUTES, put_list, put_member, suggestion
from tests.matching.ranking.factories import firm, fund, lab, need, offer

PATH = "/v1/districts/marble/coverage"
ASKED = {"nature": "technology", "title": "Laser cutting"}


def resting(partner: str, score: float, feature: str, title: str) -> dict[str, object]:
    return suggestion(partner, score, passages=[{"feature": feature, "yours": title, "theirs": "x"}])


async def put_district(mongo: Mongo) -> None:
    """Anna finds what she needs; Bruno's suggestion is weak, Carla's is merely alike; Dora has none; the lab has no need."""
    await mongo[DISTRICTS.collection].insert_one({"_id": "marble", "name": {}})
    for id in ("anna", "bruno", "carla", "dora"):
        await put_member(mongo, id, needs={"n": ASKED})
    await put_member(mongo, "lab", kind="research-organisation")
    await put_member(mongo, "other", districts=["fashion"], needs={"n": ASKED})
    await put_member(mongo, "applied", status="applied")
    await put_list(mongo, "anna", b2b=[resting("x", 0.5, "their_offer", "Laser cutting")], r2b=[])
    await put_list(mongo, "bruno", b2b=[resting("x", 0.1, "their_offer", "Laser cutting")], r2b=[])
    await put_list(mongo, "carla", b2b=[], r2b=[resting("x", 0.5, "field", "Laser cutting")])


async def items(http: httpx2.AsyncClient, path: str, headers: dict[str, str], name: str) -> list[tuple[str, list[str]]]:
    """Read a list to its end, one on a page."""
    found, cursor = [], ""
    while cursor is not None:
        page = (await http.get(f"{PATH}/{path}{'&' if '?' in path else '?'}limit=1{cursor}", headers=headers)).json()
        found += [(item[name], item["modes"]) for item in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
    return found


async def test_a_manager_sees_who_lacks_what(settings: Settings, issuer: Issuer) -> None:
    async with serving(ROUTES, settings) as (runtime, http):
        await put_district(runtime.mongo)
        manager = bearer(issuer, "manager", districts=["marble"])
        counts = (await http.get(PATH, headers=manager)).json()
        assert counts["members"] == {
            "total": 5,
            "without_suggestion": 2,
            "by_mode": {
                "b2b": {"total": 4, "without_suggestion": 2},
                "r2b": {"total": 5, "without_suggestion": 4},
                "f2b": {"total": 0, "without_suggestion": 0},
            },
        }
        assert counts["needs"]["total"] == 4
        assert counts["needs"]["without_answer"] == 3
        assert counts["needs"]["by_mode"]["b2b"] == {"total": 4, "without_answer": 3}
        mild = (await http.get(f"{PATH}?min_score=0.1", headers=manager)).json()
        assert mild["needs"]["without_answer"] == 2

        both = ["b2b", "r2b"]
        assert await items(http, "members", manager, "member") == [("dora", both), ("lab", ["r2b"])]
        assert [id for id, _ in await items(http, "members?mode=b2b", manager, "member")] == ["carla", "dora"]
        needs = await items(http, "needs", manager, "member")
        assert needs == [("bruno", both), ("carla", both), ("dora", both)]
        assert await items(http, "needs?min_score=0.1", manager, "member") == [("carla", both), ("dora", both)]
        assert await items(http, "needs?mode=b2b", manager, "member") == needs


async def test_only_managers_of_the_district_and_operators_see_it(settings: Settings, issuer: Issuer) -> None:
    async with serving(ROUTES, settings) as (runtime, http):
        await put_district(runtime.mongo)

        async def status(path: str, role: str, *districts: str) -> int:
            return (await http.get(path, headers=bearer(issuer, role, districts=districts))).status_code

        for path in (PATH, f"{PATH}/members", f"{PATH}/needs"):
            assert await status(path, "operator") == 200
            assert await status(path, "manager", "marble") == 200
            assert await status(path, "manager", "fashion") == 403
            assert await status(path, "member", "marble") == 403
        assert await status("/v1/districts/atlantis/coverage", "operator") == 404
        wrong = await http.get(f"{PATH}/needs?cursor=IngiCg==", headers=bearer(issuer, "operator"))
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize(
    ("kind", "natures", "modes"),
    [
        ("sme", {"product"}, ("b2b", "r2b")),
        ("sme", {"capital"}, ("b2b", "r2b", "f2b")),
        ("research-organisation", {"capital"}, ("r2b",)),
        ("financial-operator", set(), ("f2b",)),
    ],
)
def test_nobody_misses_what_is_not_open_to_it(kind, natures, modes):  # type: ignore[no-untyped-def]
    assert open_modes(kind, natures) == modes


@pytest.mark.parametrize(
    ("seeker", "giver", "nature", "how"),
    [
        (firm, firm, "technology", {}),
        (firm, lab, "research", {}),
        (lab, firm, "technology", {}),
        (firm, fund, "capital", {}),
        (firm, lab, "technology", {"facility": True}),
    ],
)
def test_the_rules_tell_under_these_names_that_a_need_is_answered(seeker, giver, nature, how):  # type: ignore[no-untyped-def]
    needing = seeker("a", needs=(need("Laser cutting", nature=nature, **how),))
    index = ShortlistIndex([needing, giver("b", offers=(offer("Laser cutting of marble", nature=nature, **how),))])
    [found] = [item for items in index.shortlist("a").values() for item in items]
    assert {one.yours for one in found.passages if one.feature in ANSWERS} == {"Laser cutting"}


def test_capital_is_answered_by_finance_alone():
    assert answering_modes("sme", "capital") == ("f2b",)
    assert answering_modes("sme", "technology") == ("b2b", "r2b")
    assert answering_modes("research-organisation", "capital") == ()


def test_a_need_that_no_mode_could_answer_is_not_counted_as_unanswered():
    assert not Need("n", "Capital", "capital", answering_modes("research-organisation", "capital"), ()).lacks(None)
    assert Need("n", "Capital", "capital", answering_modes("sme", "capital"), ()).lacks(None)
