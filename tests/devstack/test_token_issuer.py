"""Tokens of the local issuer verify against its key set, and only those."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from distretti.devstack.token_issuer import AUDIENCE, ISSUER, Issuer, open_issuer

HOUR = timedelta(hours=1)


def verified(token: str, issuer: Issuer) -> dict[str, Any]:
    """What a service does: find the key by `kid`, check signature, issuer, audience and time."""
    keys = jwt.PyJWKSet.from_dict(json.loads(issuer.jwks.read_text()))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER)


def a_token(issuer: Issuer, now: datetime) -> str:
    return issuer.token(subject="m-1", roles=["member", "manager"], member="m-1", manages=["marble"], now=now, lifetime=HOUR)


def test_a_token_carries_the_claims(tmp_path: Path) -> None:
    issuer, now = open_issuer(tmp_path), datetime.now(UTC).replace(microsecond=0)

    assert verified(a_token(issuer, now), issuer) == {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "m-1",
        "iat": now.timestamp(),
        "exp": (now + HOUR).timestamp(),
        "roles": ["member", "manager"],
        "member": "m-1",
        "manages": ["marble"],
    }


def test_the_key_is_kept_and_is_its_owners_alone(tmp_path: Path) -> None:
    token = a_token(open_issuer(tmp_path), datetime.now(UTC))

    assert verified(token, open_issuer(tmp_path))
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    assert "d" not in json.loads((tmp_path / "jwks.json").read_text())["keys"][0]


def test_a_token_of_another_issuer_is_refused(tmp_path: Path) -> None:
    own, foreign = open_issuer(tmp_path / "ours"), open_issuer(tmp_path / "theirs")
    forged = Issuer(foreign.key, own.kid, foreign.jwks)

    with pytest.raises(jwt.InvalidSignatureError):
        verified(a_token(forged, datetime.now(UTC)), own)


def test_a_token_ends(tmp_path: Path) -> None:
    issuer = open_issuer(tmp_path)

    with pytest.raises(jwt.ExpiredSignatureError):
        verified(a_token(issuer, datetime.now(UTC) - 2 * HOUR), issuer)
