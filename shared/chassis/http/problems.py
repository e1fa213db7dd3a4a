"""Errors as RFC 9457 problem+json: what is wrong, which field, what is allowed. Italian or English."""

from collections.abc import MutableMapping, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.chassis.errors import FieldError, Refusal, Unavailable
from shared.chassis.http.pydantic_messages_it import said_in_italian
from shared.chassis.mongo import PyMongoError, is_outage, is_transient

log = structlog.get_logger()
PROBLEM = "application/problem+json"
TITLES = {
    "invalid": ("La richiesta non è valida", "The request is not valid"),
    "http": ("La richiesta non può essere servita", "The request cannot be served"),
    "failed": ("Errore interno", "Internal error"),
}


def language_of(request: Request) -> str:
    """Choose Italian or English by Accept-Language (RFC 9110, 12.5.4); English where neither is asked for."""
    best, language = 0.0, "en"
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if tag.strip()[:2] in ("it", "en") and weight > best:
            best, language = weight, tag.strip()[:2]
    return language


def route_of(scope: MutableMapping[str, Any]) -> str:
    """Name what was asked for, without its ids: `/v1/members/{id}`."""
    route: str = getattr(scope.get("route"), "path", "unmatched")
    return route


def field_errors(errors: Sequence[Any], start: int = 1) -> list[FieldError]:
    """Name each wrong field the way it was sent, `offers.0.trl`; not also the list that lacks it, as too short."""
    named = [
        FieldError(
            ".".join(str(part) for part in error["loc"][start:]) or "body", error["type"], error["msg"], said_in_italian(error)
        )
        for error in errors
    ]
    inner = [error.field for error in named]
    return [
        error for error in named if error.rule != "too_short" or not any(field.startswith(f"{error.field}.") for field in inner)
    ]


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Make one problem+json answer."""
    body: dict[str, Any] = {"type": f"urn:distretti:problem:{code}", "title": title, "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status, headers, media_type=PROBLEM)


async def on_refusal(request: Request, error: Exception) -> JSONResponse:
    """Answer a rule's refusal."""
    assert isinstance(error, Refusal)
    language = language_of(request)
    detail = error.it if language == "it" else error.en
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "2"
    return problem(
        error.status, error.code, error.code.replace("-", " "), detail, [one.told(language) for one in error.errors], headers
    )


async def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """Answer a request that does not fit its model: every wrong field at once."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    malformed = any(item["type"] == "json_invalid" for item in found)
    language = language_of(request)
    title = TITLES["invalid"][language == "en"]
    fields = [one.told(language) for one in field_errors(found)]
    detail = "; ".join(f"{one['field']}: {one['message']}" for one in fields)
    return problem(400 if malformed else 422, "malformed" if malformed else "invalid", title, detail, fields)


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses: no such path, no such method."""
    assert isinstance(error, HTTPException)
    title = TITLES["http"][language_of(request) == "en"]
    return problem(error.status_code, "http", title, str(error.detail), headers=dict(error.headers or {}))


async def on_failure(request: Request, error: Exception) -> JSONResponse:
    """Answer with 503 when the database or the broker is away, and anything else with 500; both are logged."""
    if is_outage(error) or is_transient(error) or isinstance(error, KafkaError):
        log.warning("dependency_unavailable", error=repr(error))
        away = Unavailable(
            "unavailable",
            it="La base dati o Kafka non risponde: riprovare tra poco.",
            en="The database or Kafka is away: try again soon.",
        )
        return await on_refusal(request, away)
    log.error("request_failed", route=route_of(request.scope), exc_info=error)
    return problem(500, "failed", TITLES["failed"][language_of(request) == "en"], "See the service's log by the correlation id.")


def answer_problems(app: FastAPI) -> None:
    """Make every error of an application a problem+json answer; what is foreseen nowhere, RequestContext answers."""
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(PyMongoError, on_failure)
    app.add_exception_handler(KafkaError, on_failure)
