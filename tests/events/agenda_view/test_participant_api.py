"""The agenda of a participant over HTTP: read again only where it changed."""

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.factories import agree, feed_members, meeting_id, publish
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


async def test_an_agenda_is_read_again_only_where_it_changed(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla"])
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla")])
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("anna", "carla"): (2, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])

        async def read(path: str, tag: str = "") -> httpx2.Response:
            answer = await http.get(f"{EVENT}/agenda{path}", headers={**manager, **({"If-None-Match": tag} if tag else {})})
            assert answer.headers["cache-control"] == "private, no-cache"
            return answer

        seen = {path: (await read(path)).headers["etag"] for path in ("", "/anna", "/carla")}
        assert seen[""] == '"1"'
        for path, tag in seen.items():
            same = await read(path, f'"other", {tag}')
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)

        # Cancelled, it is gone from the agendas of its sides alone; the version that was published stays.
        off = f"/v1/meetings/{meeting_id('fair', 'anna', 'bruno')}/cancel"
        assert (await http.post(off, json={"reason": "ill"}, headers=manager)).is_success
        changed = await read("/anna", seen["/anna"])
        assert (changed.status_code, len(changed.json()["meetings"])) == (200, 1)
        assert changed.headers["etag"] != seen["/anna"]
        assert [(await read(path, seen[path])).status_code for path in ("", "/carla")] == [304, 304]

        # A new version is another for all.
        await publish(runtime, "fair", {("anna", "carla"): (3, 1)}, input="again")
        assert [(await read(path, seen[path])).status_code for path in seen] == [200, 200, 200]
