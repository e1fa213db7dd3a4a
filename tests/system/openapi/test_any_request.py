"""Every operation of every service, asked rightly and wrongly: no answer is a failure of ours, and nothing wrong is taken.

Wrong requests are made of fitting ones, by `bad_requests`; others are drawn from the OpenAPI documents. Most of these name what is
there, so that they come as far as the rules; what ends something comes last. `--hypothesis-profile long` asks far more.
"""

import asyncio
import json
import random
from typing import Any

import httpx2
import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from distretti.devstack.token_issuer import Issuer
from distretti.ops.services import declarations
from shared.chassis.config import Settings
from tests.lib.openapi_check import operations as operations_of
from tests.system.openapi.answers import fault_of, fault_of_refusal
from tests.system.openapi.bad_requests import bad_requests
from tests.system.openapi.figures import Figures
from tests.system.openapi.fixtures import PopulatedSystem, populated_system
from tests.system.openapi.operations import operations

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
RIGHT, WRONG = 3, 1
"""Requests drawn for each operation: with what its schema allows, and with what it does not."""
A_PART = 1
"""Bad requests of each part of an operation: of a field, a parameter, its headers."""
LONG = 30
"""How many times as many requests are drawn in a long run."""
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

    def __init__(self, system: PopulatedSystem, service: str, session: requests.Session) -> None:
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
                assert (
                    fault := fault_of_refusal(answer.status_code, answer.headers["content-type"][0], answer.content, "en")
                ) is None, fault

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


def is_long() -> bool:
    """Whether new examples are looked for."""
    profile = hypothesis.settings.default
    return profile is not None and not profile.derandomize


def faults_of_drawn_requests(system: PopulatedSystem, figures: Figures) -> list[str]:
    """Draw requests from the documents; give what is wrong with their answers."""
    wrong: list[str] = []
    times = LONG if is_long() else 1
    with requests.Session() as session:
        session.hooks["response"].append(lambda answer, **_: figures.add(answer.status_code, len(answer.content)))
        for service in system.documents:
            requests_of_service = Requests(system, service, session)
            for operation in requests_of_service.operations():
                for mode, count in ((GenerationMode.POSITIVE, RIGHT), (GenerationMode.NEGATIVE, WRONG)):
                    wrong += filter(None, [requests_of_service.wrong_answer(operation, mode, count * times)])
    return wrong


async def faults_of_bad_requests(system: PopulatedSystem, figures: Figures) -> list[str]:
    """Send what is wrong with fitting requests, all of it in a long run; give what is wrong with the answers."""
    wrong: list[str] = []
    chance = random.Random(7)
    for service, address in system.addresses.items():
        async with httpx2.AsyncClient(base_url=address, timeout=20) as http:
            for operation in operations(system, service):
                figures.operations.add(operation.name)
                for part in bad_requests(operation):
                    for request in part if is_long() else chance.sample(part, min(len(part), A_PART)):
                        language = chance.choice(["it", "en"])
                        headers: Any = {"Accept-Language": language, **system.tokens[0], **request.headers}
                        answer = await http.request(operation.method, request.path, content=request.content, headers=headers)
                        figures.add(answer.status_code, len(answer.content))
                        if fault := fault_of(request, answer, language):
                            wrong.append(f"{request}\n    {fault}")
    return wrong


@pytest.mark.timeout(1800)
async def test_whatever_is_asked_is_answered_as_the_document_says(settings: Settings, issuer: Issuer) -> None:
    figures = Figures()
    async with populated_system(settings, issuer) as system:
        # The first that change nothing.
        wrong = await faults_of_bad_requests(system, figures)
        wrong += await asyncio.to_thread(faults_of_drawn_requests, system, figures)
    print(figures)  # noqa: T201
    assert not wrong, f"{len(wrong)} wrong\n" + "\n\n".join(wrong)
    declared = [operation for service in declarations() for operation in operations_of(service.router)]
    assert figures.operations == {f"{operation.method} {operation.path}" for operation in declared}
