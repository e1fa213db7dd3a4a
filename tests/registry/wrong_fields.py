"""What a schema refuses."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError


def wrong_fields(schema: type[BaseModel], body: dict[str, Any]) -> list[tuple[int | str, ...]]:
    with pytest.raises(ValidationError) as refused:
        schema.model_validate(body)
    return [error["loc"] for error in refused.value.errors()]
