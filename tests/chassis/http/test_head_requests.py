"""HEAD is answered as GET is, without the content, behind a real server."""

import httpx2
import pytest
from fastapi import FastAPI, HTTPException, Response
from fastapi.responses import StreamingResponse

from shared.chassis.http.head_requests import HeadRequests
from tests.lib.services import listening

app = FastAPI()
app.add_middleware(HeadRequests)


@app.get("/pages/{page}")
async def read(page: int) -> dict[str, int]:
    if page > 9:
        raise HTTPException(404)
    return {"page": page}


@app.get("/streamed")
async def stream() -> Response:
    return StreamingResponse(iter(["one", "two"]), media_type="text/calendar")


@app.post("/commands")
async def command() -> None:
    return None


@pytest.mark.parametrize(
    ("path", "status"), [("/pages/1", 200), ("/pages/10", 404), ("/pages/x", 422), ("/streamed", 200), ("/none", 404)]
)
async def test_head_has_the_status_and_the_headers_of_get(path: str, status: int) -> None:
    async with listening(app) as base, httpx2.AsyncClient(base_url=base) as client:
        # The connection is used again: nothing of a content was left on it.
        for _ in range(2):
            got, head = await client.get(path), await client.head(path)
            assert (head.status_code, head.content) == (got.status_code, b"") == (status, b"")
            ignored = {"date", "transfer-encoding"}
            assert {k: v for k, v in head.headers.items() if k not in ignored} == {
                k: v for k, v in got.headers.items() if k not in ignored
            }


async def test_what_has_no_get_refuses_head() -> None:
    async with listening(app) as base, httpx2.AsyncClient(base_url=base) as client:
        answer = await client.head("/commands")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
