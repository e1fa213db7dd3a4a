"""Coverage over HTTP."""

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.matching.projections.brokerage_events import DISTRICTS
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from tests.lib.services import bearer, serving
from tests.matching.factories import ROUTES, put_list, put_member, suggestion

PATH = "/v1/districts/marble/coverage"
NEED_DOCUMENT = {"nature": "technology", "title": "Laser cutting"}


def resting(partner: str, score: float, feature: str, title: str) -> dict[str, object]:
    return suggestion(partner, score, passages=[{"feature": feature, "yours": title, "theirs": "x"}])


async def put_district(mongo: Mongo) -> None:
    """Anna finds what she needs; Bruno's suggestion is weak, Carla's is merely alike; Dora has none; the lab has no need."""
    await mongo[DISTRICTS.collection].insert_one({"_id": "marble", "name": {"it": "Marmo", "en": "Marble"}})
    for id in ("anna", "bruno", "carla", "dora"):
        await put_member(mongo, id, needs={"n": NEED_DOCUMENT})
    await put_member(mongo, "lab", kind="research-organisation")
    await put_member(mongo, "other", districts=["fashion"], needs={"n": NEED_DOCUMENT})
    await put_member(mongo, "applied", status="applied")
    await put_list(mongo, "anna", b2b=[resting("x", 0.5, "their_offer", "Laser cutting")], r2b=[])
    await put_list(mongo, "bruno", b2b=[resting("x", 0.1, "their_offer", "Laser cutting")], r2b=[])
    await put_list(mongo, "carla", b2b=[], r2b=[resting("x", 0.5, "field", "Laser cutting")])


async def items(http: httpx2.AsyncClient, path: str, headers: dict[str, str], name: str) -> list[tuple[str, list[str]]]:
    """Read a list to its end, one on a page."""
    results, cursor = [], ""
    while cursor is not None:
        page = (await http.get(f"{PATH}/{path}{'&' if '?' in path else '?'}limit=1{cursor}", headers=headers)).json()
        results += [(item[name], item["modes"]) for item in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
    return results


async def test_a_manager_sees_members_without_suggestions_and_needs_without_answers(settings: Settings, issuer: Issuer) -> None:
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

        both_modes = ["b2b", "r2b"]
        assert await items(http, "members", manager, "member") == [("dora", both_modes), ("lab", ["r2b"])]
        assert [id for id, _ in await items(http, "members?mode=b2b", manager, "member")] == ["carla", "dora"]
        needs = await items(http, "needs", manager, "member")
        assert needs == [("bruno", both_modes), ("carla", both_modes), ("dora", both_modes)]
        assert await items(http, "needs?min_score=0.1", manager, "member") == [("carla", both_modes), ("dora", both_modes)]
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
