"""Errors as RFC 9457 problem+json: what is wrong, which field, what is allowed. Italian or English."""

from collections.abc import MutableMapping
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from shared.chassis.errors import Refusal, TooSlow, Unavailable
from shared.chassis.http.field_problems import MOST_ERRORS, FieldProblems, field_errors, field_problems, in_detail, truncated
from shared.chassis.http.refusals import UnservedRequests
from shared.chassis.mongo import PyMongoError, is_outage, is_transient
from shared.chassis.texts import LANGUAGES, Message, Texts, text
from shared.contracts.base import Language

log = structlog.get_logger()
PROBLEM = "application/problem+json"
LONGEST_DETAIL = 2000
HTTP_DETAILS = {400: text("body-unreadable"), 404: text("path-unknown"), 405: text("method-unknown")}
"""Of what the framework refuses: its own words are English."""


def texts_of(request: Request) -> Texts:
    """The text catalogues of the service that serves a request."""
    texts: Texts = request.app.state.texts
    return texts


def language_of(request: Request) -> Language:
    """Choose Italian or English by Accept-Language; English where neither is asked for."""
    return requested_language(request) or "en"


def requested_language(request: Request) -> Language | None:
    """Read which of the two Accept-Language prefers (RFC 9110, 12.5.4); None where it names neither."""
    best = 0.0
    language: Language | None = None
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        for supported in LANGUAGES:
            if tag.strip().startswith(supported) and weight > best:
                best, language = weight, supported
    return language


def route_of(scope: MutableMapping[str, Any]) -> str:
    """The route of a request within its router, without its ids: `/members/{id}`."""
    route: str = getattr(scope.get("route"), "path", "unmatched")
    return route


def title_of(status: int, code: str) -> Message:
    """Name the title of a type of problem: that of its status, which every refusal of that code has.

    What the framework refuses is one type under several.
    """
    return text("title-http") if code == "http" else text(f"title-{status}")


def methods_of(request: Request) -> str:
    """The methods that the path of a request takes, over all its routes: the value of Allow. HEAD is taken where GET is."""
    scope = request.scope
    # Mounted files move the start of the path, and name no methods.
    path = scope["path"].removeprefix(scope.get("app_root_path", scope.get("root_path", "")))
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        template = route.path or ""
        if compile_path(template if route.methods else f"{template}/{{path:path}}")[0].match(path):
            methods |= route.methods or {"GET"}
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    fields: FieldProblems | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A problem+json answer of less than 100 kB, whatever was sent."""
    body: dict[str, Any] = {"type": f"urn:distretti:problem:{code}", "title": title, "status": status}
    body["detail"] = truncated(detail, LONGEST_DETAIL)
    if fields and fields.errors:
        body["errors"] = [field.model_dump() for field in fields.errors]
    if fields and fields.more_errors:
        body["more_errors"] = fields.more_errors
    return JSONResponse(body, status, headers, media_type=PROBLEM)


async def on_refusal(request: Request, error: Exception) -> JSONResponse:
    """Answer a rule's refusal."""
    assert isinstance(error, Refusal)
    language, texts = language_of(request), texts_of(request)
    unserved: UnservedRequests = request.app.state.unserved
    unserved.add(error)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, TooSlow):
        headers["Connection"] = "close"  # the rest of the body would still come
    fields = field_problems(error.errors, texts, language)
    detail = texts.write(error.message, language)
    title = texts.write(title_of(error.status, error.code), language)
    return problem(error.status, error.code, title, detail, fields, headers)


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that does not fit its model: the first wrong fields at once."""
    assert isinstance(error, RequestValidationError)
    errors = error.errors()
    malformed = any(item["type"] == "json_invalid" for item in errors)
    language, texts = language_of(request), texts_of(request)
    fields = field_problems(field_errors(errors), texts, language, max(0, len(errors) - MOST_ERRORS))
    status, code = (400, "malformed") if malformed else (422, "invalid")
    title = texts.write(title_of(status, code), language)
    return problem(status, code, title, in_detail(fields, texts, language), fields)


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses: no such path, no such method, a body that cannot be read."""
    assert isinstance(error, HTTPException)
    language, texts = language_of(request), texts_of(request)
    detail = texts.write(HTTP_DETAILS[error.status_code], language) if error.status_code in HTTP_DETAILS else str(error.detail)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = methods_of(request)  # the framework names those of one route alone
    title = texts.write(title_of(error.status_code, "http"), language)
    return problem(error.status_code, "http", title, detail, headers=headers)


async def on_failure(request: Request, error: Exception) -> JSONResponse:
    """Answer with 503 when the database or the broker is away, and anything else with 500; both are logged."""
    if is_outage(error) or is_transient(error) or isinstance(error, KafkaError):
        unavailable = Unavailable("unavailable", reason="outage")
        unavailable.__cause__ = error
        return await on_refusal(request, unavailable)
    log.error("request_failed", route=route_of(request.scope), exc_info=error)
    language, texts = language_of(request), texts_of(request)
    title, detail = (texts.write(message, language) for message in (title_of(500, "failed"), text("failed")))
    return problem(500, "failed", title, detail)


def answer_problems(app: FastAPI) -> None:
    """Make every error of an application a problem+json answer; RequestContext answers unforeseen ones."""
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(PyMongoError, on_failure)
    app.add_exception_handler(KafkaError, on_failure)
