"""What the OpenAPI document says of answers that are not JSON."""

import pytest
from fastapi import FastAPI

from services.events.main import SERVICE

EVENT = "/brokerage-events/{id}"


@pytest.mark.parametrize("path", [f"{EVENT}/registrations/{{member}}/check-in.svg", f"{EVENT}/agenda/pages/day.svg"])
def test_a_picture_is_described_as_one(path: str) -> None:
    app = FastAPI()
    app.include_router(SERVICE.router)
    assert list(app.openapi()["paths"][path]["get"]["responses"]["200"]["content"]) == ["image/svg+xml"]
