"""Requests drawn from each service's own OpenAPI document, right ones and wrong ones: no answer is a failure of ours.

Most name what is there, so that they come as far as the rules. What ends something comes last.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from distretti.devstack.sync_context import in_background
from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from shared.chassis.http.problems import PROBLEM
from tests.system.openapi.fixtures import Furnished, furnished

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
RIGHT, WRONG = 4, 2
"""Requests to each operation: with what its schema allows, and with what it does not."""
ENDING = ("/close-registration", "/start", "/held", "/missed", "/outcome", "/feedback", "/close", "/withdraw", "/refuse")
"""What is only possible late, or ends something, in this order."""
NAMED = {
    **dict.fromkeys(("by", "towards", "member", "member_id", "absent", "others"), "members"),
    **dict.fromkeys(("district", "districts"), "districts"),
    "introduction_id": "introductions",
    "part": "parts",
    "topics": "topics",
    "timezone": "timezones",
}
"""What a field or a parameter takes of what is there; `id` in a path takes the ids of the collection before it."""
NUMBERS = ("version", "one", "other", "table", "room")
CONDITIONS = ("if-match", "idempotency-key")


@schemathesis.serializer("application/x-ndjson")
def lines(_context: Any, value: Any) -> bytes:
    """A body of one line."""
    return json.dumps(value).encode()


class Requests:
    """Draws requests to one service, sends them, and checks the answers."""

    def __init__(self, system: Furnished, service: str, session: requests.Session) -> None:
        self.service = service
        self._system = system
        self._session = session
        self._document = schemathesis.openapi.from_dict(system.documents[service])  # type: ignore[arg-type]

    def operations(self) -> list[Any]:
        """Every operation of the API, those that end something last."""
        operations = [result.ok() for result in self._document.get_all_operations()]
        public = [operation for operation in operations if operation.path.startswith("/v1/")]
        return sorted(
            public, key=lambda operation: (_late(operation.path), operation.method == "delete", operation.path, operation.method)
        )

    def wrong_answer(self, operation: Any, mode: GenerationMode, count: int) -> str | None:
        """Say what is wrong with the answers to so many requests; None where nothing is."""

        @examples(max_examples=count, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def check(case: Case, data: st.DataObject) -> None:
            self._name_what_is_there(case, data, mode)
            token = data.draw(st.sampled_from(self._system.tokens))
            answer = case.call(base_url=self._system.addresses[self.service], session=self._session, headers=dict(token))
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code >= 400:
                check_problem(answer)

        try:
            check()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # there is nothing to get wrong
        except (Exception, BaseExceptionGroup) as error:
            return f"{self.service} {operation.label}, {mode.name}: {error!r} {error}"
        return None

    def _name_what_is_there(self, case: Case, data: st.DataObject, mode: GenerationMode) -> None:
        often = 9 if mode is GenerationMode.POSITIVE else 5

        def mostly(plausible: st.SearchStrategy[Any], drawn: Any) -> Any:
            return data.draw(plausible) if data.draw(st.integers(0, 9)) < often else drawn

        before = case.path.split("/{id}")[0].rsplit("/", 1)[-1]
        for name, drawn in dict(case.path_parameters or {}).items():
            if (strategy := self._strategy_of(before if name == "id" else NAMED.get(name, name))) is not None:
                case.path_parameters[name] = mostly(strategy, drawn)
        for name in [name for name in case.headers or {} if name.lower() in CONDITIONS]:
            if mostly(st.just(True), False):
                del case.headers[name]
        if isinstance(case.body, dict | list):
            case.body = self._named(case.body, mostly)

    def _named(self, value: Any, mostly: Any) -> Any:
        if isinstance(value, list):
            return [self._named(item, mostly) for item in value]
        if not isinstance(value, dict):
            return value
        named: dict[str, Any] = {}
        for name, field in value.items():
            plausible = self._strategy_of(NAMED.get(name, ""))
            if plausible is None or not field:
                named[name] = self._named(field, mostly)
            else:
                named[name] = mostly(st.lists(plausible, min_size=1, max_size=2) if isinstance(field, list) else plausible, field)
        return named

    def _strategy_of(self, kind: str) -> st.SearchStrategy[Any] | None:
        if kind in NUMBERS:
            return st.integers(1, 3)
        return st.sampled_from(self._system.ids[kind]) if kind in self._system.ids else None


def _late(path: str) -> int:
    return next((place for place, ending in enumerate(ENDING, 1) if path.endswith(ending)), 0)


def check_problem(answer: Response) -> None:
    """Say what is wrong, in problem+json; of a request that does not fit, which field and which rule."""
    assert answer.headers["content-type"] == [PROBLEM], answer.headers
    body: Mapping[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"].startswith("urn:distretti:problem:")
    assert body["title"]
    assert body["detail"]
    if answer.status_code == 422:
        assert body["errors"], body
        assert all(error["field"] and error["rule"] for error in body["errors"]), body


@pytest.mark.timeout(400)
def test_whatever_is_asked_is_answered_as_the_document_says(settings: Settings, issuer: Issuer) -> None:
    wrong: list[str] = []
    with in_background(furnished(settings, issuer)) as system, requests.Session() as session:
        for service in system.documents:
            requests_of_service = Requests(system, service, session)
            for operation in requests_of_service.operations():
                for mode, count in ((GenerationMode.POSITIVE, RIGHT), (GenerationMode.NEGATIVE, WRONG)):
                    wrong += filter(None, [requests_of_service.wrong_answer(operation, mode, count)])
    assert not wrong, "\n\n".join(wrong)
