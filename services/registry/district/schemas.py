"""Districts as they are sent and answered, and the taxonomy."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.chassis.http.answers import Answer
from shared.contracts.base import Id, LocalizedText


class DistrictOpening(BaseModel):
    """A district to open."""

    model_config = ConfigDict(extra="forbid")
    id: Annotated[Id, Field(description="Letters without accents, digits, `.`, `_`, `:`, `-`; first a letter or digit.")]
    name: LocalizedText
    theme: LocalizedText


class DistrictAnswer(Answer):
    """A district."""

    id: str
    name: LocalizedText
    theme: LocalizedText


class OpenedDistrict(DistrictAnswer):
    """A district with its version."""

    version: int


class Taxonomy(Answer):
    """The technology priorities and their topics, by their keys."""

    priorities: dict[str, LocalizedText]
    topics: dict[str, LocalizedText]
