"""What every published type is made of. Contracts depend on pydantic alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.contracts.human_text import HumanText

TYPE_PREFIX = "it.toscana.distretti."
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


def to_milliseconds(moment: datetime) -> datetime:
    """Cut a moment to UTC milliseconds, the precision every store and every topic can keep."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def milliseconds_of(moment: datetime) -> int:
    """Whole milliseconds since 1970. In whole numbers: as a float a moment after 2038 may be a millisecond early."""
    return (moment - _EPOCH) // _MILLISECOND


def to_text(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC with milliseconds: `2026-11-22T09:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant(moment: datetime) -> datetime:
    try:
        return to_milliseconds(moment)
    except OverflowError as error:  # which pydantic would let through as a failure of ours
        raise PydanticCustomError("year_out_of_range", "must be between the years 1 and 9999 in UTC") from error


def no_number(value: Any) -> Any:
    """Refuse seconds since 1970, which are taken for a date in a text too."""
    if isinstance(value, str) and "-" not in value[1:]:
        raise PydanticCustomError("datetime_parsing", "must be a date or a date and time, not a number")
    return value


def day_alone(value: Any) -> Any:
    """Refuse a date and time where a day is meant, which is taken for its day at midnight, and a number in a text."""
    if isinstance(value, str) and not (len(value) == len("2027-03-10") and value.count("-") == 2):
        raise PydanticCustomError("date_parsing", "must be a date, such as 2027-03-10")
    return value


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(no_number),
    AfterValidator(_instant),
    PlainSerializer(to_text, return_type=str, when_used="json"),
]
Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]*$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A day as ISO 8601 writes it: 2027-03-10."""
Language = Literal["it", "en"]


@dataclass(frozen=True)
class Items:
    """How many items a tuple, a set or a dictionary may have.

    They are counted first: `Field(max_length=...)` counts those that are valid, after each wrong one has become an error.
    """

    most: int
    least: int = 0

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The collection with any items, then the collection itself."""
        collection: dict[str, Any] = {**handler(source), "max_length": self.most}
        if self.least:
            collection["min_length"] = self.least
        any_item = core_schema.any_schema()
        any_items = {
            "items_schema": [any_item] if collection["type"] == "tuple" else any_item,
            "keys_schema": any_item,
            "values_schema": any_item,
        }
        counted: Any = {name: any_items.get(name, part) for name, part in collection.items()}
        whole: Any = collection
        return core_schema.chain_schema([counted, whole])

    def __get_pydantic_json_schema__(self, schema: core_schema.ChainSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the collection itself."""
        return handler(schema["steps"][-1])


class Value(BaseModel):
    """A value inside an event. Closed for writers; readers pass `extra="ignore"`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DomainEvent(Value):
    """A thing that happened to one aggregate. Its subject, time and sequence are in the envelope."""

    TYPE: ClassVar[str]


class LocalizedText(Value):
    """A short text in both languages of the house."""

    it: Annotated[str, HumanText(500)]
    en: Annotated[str, HumanText(500)]

    def in_(self, language: str) -> str:
        """Return the text in `language`, Italian when it is neither of the two."""
        return self.en if language == "en" else self.it
