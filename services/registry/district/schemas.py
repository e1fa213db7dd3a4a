"""Districts as they are sent and answered, and the taxonomy."""

from pydantic import BaseModel, ConfigDict

from shared.chassis.http.answers import Answer
from shared.contracts.base import Id, LocalizedText


class DistrictOpening(BaseModel):
    """A district to open."""

    model_config = ConfigDict(extra="forbid")
    id: Id
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
