"""Bodies that replace a whole: what was left out of one would be emptied without being asked."""

from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined


class Replacement(BaseModel):
    """The body of a PUT, mixed into the model of what it replaces: every field is given, also those that are empty."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: Any) -> None:
        """Take every default away."""
        for field in cls.model_fields.values():
            field.default, field.default_factory = PydanticUndefined, None
        cls.model_rebuild(force=True)
