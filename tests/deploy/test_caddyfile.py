"""The gateway's Caddyfile, by a real Caddy in front of a service that answers everything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from distretti.devstack import programs
from tests.lib.gateway import gateway
from tests.lib.services import listening

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "frame-ancestors 'none'",
}
INSIDE = ["/metrics", "/health/ready", "/health/live", "/health/progress", "/health/accepting", "/health", "/anything", "/v2/x"]
WRITTEN_OTHERWISE = ["/%6detrics", "/METRICS", "//metrics", "/v1/../metrics", "/v1/%2e%2e/metrics", "/./metrics", "/health%2fready"]
PUBLIC = [
    "/v1/districts",
    "/v1/members/m1/contact",
    "/docs",
    "/openapi.json",
    "/asyncapi.json",
    "/static-offline-docs/swagger-ui.css",
]


def echo() -> FastAPI:
    """Answer every path with it, and with a policy of its own."""
    app = FastAPI(docs_url=None, openapi_url=None)

    @app.get("/{path:path}")
    async def answer(request: Request) -> Response:
        return Response(request.scope["path"], headers={"Content-Security-Policy": "default-src 'none'"})

    return app


@asynccontextmanager
async def echoing_gateway(directory: Path) -> AsyncIterator[str]:
    async with listening(echo()) as service, gateway(directory, {"registry": service}) as url:
        yield url


async def test_the_gateway_lets_through_the_api_and_its_documents_alone(tmp_path: Path) -> None:
    async with echoing_gateway(tmp_path) as url, httpx2.AsyncClient() as http:
        for path in INSIDE:
            answer = await http.get(f"{url}/registry{path}")
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
            assert SECURITY.items() <= answer.headers.items()
        for path in WRITTEN_OTHERWISE:
            answer = await http.get(httpx2.URL(f"{url}/registry").copy_with(raw_path=f"/registry{path}".encode()))
            # A service looks for its routes by the path as it is here: one below /v1 is none of operations.
            assert answer.status_code == 404 or answer.text.startswith("/v1/"), (path, answer.text)
        for path in PUBLIC:
            answer = await http.get(f"{url}/registry{path}")
            assert (answer.status_code, answer.text) == (200, path)
            assert answer.headers.get_list("content-security-policy") == ["default-src 'none'"]
            assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_method_that_nobody_knows_is_answered_by_a_problem(tmp_path: Path) -> None:
    async with echoing_gateway(tmp_path) as url, httpx2.AsyncClient() as http:
        for method in ("FOO", "PROPFIND"):
            refused = await http.request(method, f"{url}/registry/v1/districts", headers={"Accept-Language": "it"})
            assert (refused.status_code, refused.headers["content-type"]) == (501, "application/problem+json")
            assert refused.json()["detail"] == "Questo metodo non esiste."
            assert "retry-after" not in refused.headers


async def test_the_gateway_names_no_host_of_the_request_in_a_redirect(tmp_path: Path) -> None:
    async with echoing_gateway(tmp_path) as url, httpx2.AsyncClient() as http:
        for path in ("/registry", "/registry/"):
            answer = await http.get(f"{url}{path}", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
            assert answer.status_code == 302
            assert answer.headers["location"].startswith("/registry/")
        page = await http.get(url)
        assert SECURITY.items() <= page.headers.items()


@pytest.mark.parametrize("file", ["deploy/Caddyfile", "deploy/site/index.html"])
def test_no_file_of_the_gateway_knows_the_mail_sink(file: str) -> None:
    content = (programs.binaries.ROOT / file).read_text().lower()
    assert not any(trace in content for trace in ("/mail", "mail_", 'href="mail'))
