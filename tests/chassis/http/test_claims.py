"""The claims of a token: a wrong type is refused by the claim's own name, wherever the settings find it."""

from typing import Any

import pytest

from shared.chassis.config import Settings
from shared.chassis.errors import Unauthenticated
from shared.chassis.http.claims import read_claims

SETTINGS = Settings()
PAYLOAD: dict[str, Any] = {"sub": "u", "exp": 4_000_000_000, "iat": 1_700_000_000.5, "roles": ["member"], "member": "m1"}


def refused_claims(payload: dict[str, Any], settings: Settings = SETTINGS) -> list[str]:
    with pytest.raises(Unauthenticated) as refusal:
        read_claims(payload, settings)
    assert refusal.value.code == "token-claims"
    return [error.field for error in refusal.value.errors]


def test_the_claims_are_read() -> None:
    claims = read_claims(PAYLOAD | {"manages": ["marble"], "email": "x@example.org"}, SETTINGS)
    assert (claims.sub, claims.roles, claims.member, claims.manages) == ("u", ["member"], "m1", ["marble"])


@pytest.mark.parametrize("absent", [{}, {"roles": None, "member": None, "manages": None}])
def test_a_claim_that_is_absent_or_null_says_nothing(absent: dict[str, Any]) -> None:
    claims = read_claims({"sub": "u", "exp": 4_000_000_000} | absent, SETTINGS)
    assert (claims.roles, claims.member, claims.manages) == ([], None, [])


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        *(("roles", value, "roles") for value in ({"operator": False}, 5, "operator", True)),
        *(("roles", [value], "roles.0") for value in (5, None, ["operator"], "\ud800")),
        *(("member", value, "member") for value in ({"$gt": ""}, 5, ["m1"], True, "", "m 1", "m" * 201)),
        *(("manages", value, "manages") for value in ("marble", {"marble": True}, 5)),
        *(("manages", ["marble", value], "manages.1") for value in ({"$ne": ""}, 5, "", None)),
        *(("sub", value, "sub") for value in (5, None, "", ["u"], "u" * 256, "u\ud800")),
        *(("exp", value, "exp") for value in ("4000000000", True, float("inf"), None)),
        *((name, value, name) for name in ("iat", "nbf") for value in ("1700000000", False, float("nan"))),
    ],
)
def test_a_claim_of_a_wrong_type_is_refused_by_name(name: str, value: Any, field: str) -> None:
    assert refused_claims(PAYLOAD | {name: value}) == [field]


def test_all_wrong_claims_are_named_at_once() -> None:
    assert refused_claims(PAYLOAD | {"roles": 5, "member": 6}) == ["roles", "member"]


def test_claims_are_found_where_the_settings_say() -> None:
    settings = Settings(
        auth_claim_roles="realm_access.roles",
        auth_claim_member="org.member",
        auth_claim_manages="https://distretti.example/manages",
    )
    payload = {
        "sub": "u",
        "exp": 4_000_000_000,
        "roles": 5,
        "realm_access": {"roles": ["manager", "offline_access"]},
        "org": {"member": "m1"},
        "https://distretti.example/manages": ["marble"],
    }
    claims = read_claims(payload, settings)
    assert (claims.roles, claims.member, claims.manages) == (["manager", "offline_access"], "m1", ["marble"])
    assert refused_claims(payload | {"realm_access": {"roles": {"operator": False}}}, settings) == ["realm_access.roles"]
    assert refused_claims(payload | {"realm_access": ["operator"]}, settings) == ["realm_access"]
    assert refused_claims(payload | {"org": {"member": {"$gt": ""}}}, settings) == ["org.member"]
    assert read_claims(payload | {"realm_access": None}, settings).roles == []
    assert read_claims(payload | {"realm_access": {}}, settings).roles == []
