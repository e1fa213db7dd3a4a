"""The registry's application of a member as a plain FastAPI route over Motor: `python -m benchmarks.baselines.http`.

It verifies the same token, validates the same body, reads the open districts, and writes the same documents in one
transaction, as durably: state, claim, outbox, idempotency record.
It leaves out: answers to a repeated Idempotency-Key or a conflicting claim, retries after write conflicts, If-Match, problem
documents, roles, correlation ids, metrics, logs, traces, relay.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import jwt
import uvicorn
import uvloop
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from motor.motor_asyncio import AsyncIOMotorClient

from benchmarks.baselines.stores import Document, transaction
from services.registry.member.schemas import Application
from services.registry.member.validation import check_application
from shared.chassis.config import Settings
from shared.chassis.ids import uuid7
from shared.contracts.base import to_milliseconds
from shared.contracts.envelope import Envelope, headers_of

settings = Settings()
keys = {
    key.key_id: key.key
    for key in jwt.PyJWKSet.from_dict(json.loads(Path(settings.auth_jwks_url.removeprefix("file://")).read_text())).keys
}
client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(settings.mongo_url, tz_aware=True, w="majority")
store = client[settings.named("plain")]


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Create the collections, so that transactions do not have to."""
    for collection in ("members", "claims", "outbox", "idempotency", "districts"):
        await store.create_collection(collection)
    yield


app = FastAPI(lifespan=lifespan)


def digest(*parts: bytes) -> str:
    """A digest of parts."""
    return hashlib.sha256(b"\x1f".join(parts)).hexdigest()


async def caller(credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    """Verify the token; return its subject."""
    token = credentials.credentials
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["ES256"], audience=settings.auth_audience, issuer=settings.auth_issuer, leeway=5)
    return str(claims["sub"])


@app.get("/health/ready")
async def ready() -> None:
    """Ready when it answers."""


@app.post("/v1/districts", status_code=201)
async def open_district(body: dict[str, Any]) -> dict[str, str]:
    """Open a district."""
    await store.districts.insert_one({"_id": body["id"]})
    return {"id": body["id"]}


@app.post("/v1/members")
async def apply(
    body: Application, request: Request, subject: Annotated[str, Depends(caller)], idempotency_key: Annotated[str, Header()]
) -> Response:
    """Apply for membership."""
    applied = check_application(body, set(await store.districts.distinct("_id")))
    moment = to_milliseconds(datetime.now(UTC))
    id, event_id = uuid7(moment), uuid7(moment)
    if await store.members.find_one({"_id": id}):
        return JSONResponse({"detail": "exists"}, 409)
    state = {**applied.model_dump(), "status": "applied", "reason": None, "offers": {}, "needs": {}}
    keys_of_claims = [f"{identifier.scheme}:{identifier.value}" for identifier in applied.identifiers]
    claims = [{"_id": key, "aggregate": "member", "holder": id} for key in keys_of_claims]
    envelope = Envelope(event_id, applied.TYPE, "/distretti/plain", id, moment, 1, event_id, b"", district=body.districts[0])
    outgoing = {
        "_id": event_id,
        "status": "unsent",
        "topic": "registry.members",
        "key": id,
        "sequence": 1,
        "headers": headers_of(envelope),
        "value": applied.model_dump_json(),
        "created": moment,
    }
    answer = JSONResponse({"id": id, "version": 1, **state}, 201, {"ETag": '"1"'})
    idempotency_record = {
        "_id": digest(subject.encode(), idempotency_key.encode()),
        "caller": digest(subject.encode()),
        "fingerprint": digest(request.url.path.encode(), await request.body()),
        "aggregate": id,
        "created": moment,
    }
    async with transaction(store) as session:
        await store.idempotency.insert_one(idempotency_record, session=session)
        document = {"_id": id, "version": 1, "evolve": 1, "changed": moment, "state": state}
        await store.members.insert_one(document, session=session)
        await store.claims.insert_many(claims, session=session)
        await store.outbox.insert_one(outgoing, session=session)
    return answer


if __name__ == "__main__":
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False)
    uvloop.run(uvicorn.Server(config).serve())
