"""Signs tokens for local use, in place of an identity provider."""

import json
import os
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm

from distretti.devstack.errors import NotRunning

ISSUER = "urn:distretti:local"
AUDIENCE = "distretti"


@dataclass(frozen=True)
class Issuer:
    """A private key (P-256, readable by its owner only) and the key set with which services verify tokens."""

    key: EllipticCurvePrivateKey
    kid: str
    jwks: Path

    @property
    def jwks_url(self) -> str:
        """The key set's URL, for AUTH_JWKS_URL."""
        return self.jwks.as_uri()

    def token(
        self,
        *,
        subject: str,
        roles: Sequence[str],
        now: datetime,
        lifetime: timedelta,
        member: str | None = None,
        manages: Sequence[str] = (),
    ) -> str:
        """An ES256 token, valid from `now` for `lifetime`."""
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "iat": now,
            "exp": now + lifetime,
            "roles": list(roles),
            "manages": list(manages),
        }
        if member:
            claims["member"] = member
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": self.kid})


def open_issuer(directory: Path) -> Issuer:
    """The issuer whose key is in `directory`; the key is generated the first time."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = directory / "key.pem"
    if not file.exists():
        pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_once(file, pem)
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError(f"{file} has no elliptic curve key: delete it and a new one is generated.")
    public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    kid = _thumbprint(public)
    jwks = directory / "jwks.json"
    content = json.dumps({"keys": [{**public, "kid": kid, "use": "sig", "alg": "ES256"}]}, indent=2)
    if not jwks.exists() or jwks.read_text() != content:
        _replace(jwks, content)
    return Issuer(key, kid, jwks)


def find_issuer(data_dir: Path) -> Issuer:
    """The issuer of the system on `data_dir`. Raises NotRunning where there has never been one: none would take its tokens."""
    directory = data_dir / "issuer"
    if not (directory / "key.pem").exists():
        raise NotRunning(f"There is no system on {data_dir}: start one with `distretti up --data-dir {data_dir}`.")
    return open_issuer(directory)


def _thumbprint(public: dict[str, object]) -> str:
    """RFC 7638: the hash of the required members in lexicographic order."""
    required = {name: public[name] for name in ("crv", "kty", "x", "y")}
    digest = sha256(json.dumps(required, separators=(",", ":")).encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _write_once(file: Path, content: bytes) -> None:
    """Create a file atomically with mode 0600; of two processes that do so at the same time, the first wins."""
    temporary = file.with_suffix(f".{uuid.uuid4().hex}")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    with suppress(FileExistsError):
        os.link(temporary, file)
    temporary.unlink()


def _replace(file: Path, content: str) -> None:
    temporary = file.with_suffix(f".{uuid.uuid4().hex}")
    temporary.write_text(content)
    temporary.replace(file)
