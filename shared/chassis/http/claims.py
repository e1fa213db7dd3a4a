"""The claims of a token, typed: the issuer's word for who sends a request. Claims that are not named here are not read."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from shared.chassis.config import Settings
from shared.chassis.errors import FieldError, Unauthenticated
from shared.chassis.http.field_problems import field_errors
from shared.chassis.texts import text
from shared.contracts.base import Id

Name = Annotated[str, Field(min_length=1, max_length=255)]


class Claims(BaseModel):
    """What is read of a token. Nothing is converted: a number is no text, a text no list."""

    model_config = ConfigDict(strict=True, frozen=True)

    sub: Name
    exp: FiniteFloat
    iat: FiniteFloat = 0
    nbf: FiniteFloat = 0
    roles: list[Name] = []
    member: Id | None = None
    manages: list[Id] = []


def read_claims(payload: Mapping[str, Any], settings: Settings) -> Claims:
    """Read the claims of a payload from the paths of the settings; null is absent. Raises Unauthenticated for a wrong type."""
    paths = {
        "roles": settings.auth_claim_roles,
        "member": settings.auth_claim_member,
        "manages": settings.auth_claim_manages,
    }
    registered = {name: payload.get(name) for name in ("sub", "exp", "iat", "nbf")}
    own = {name: _value_at(payload, path) for name, path in paths.items()}
    try:
        return Claims.model_validate({name: value for name, value in (registered | own).items() if value is not None})
    except ValidationError as error:
        raise _refused(*(_at_path(field, paths) for field in field_errors(error.errors(), 0))) from error


def _value_at(payload: Mapping[str, Any], path: str) -> Any:
    """The claim of this name, or else the one inside objects that the dots lead to; None where there is none."""
    if path in payload:
        return payload[path]
    value: Any = payload
    walked: list[str] = []
    for name in path.split("."):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _refused(FieldError(".".join(walked), "dict_type", text("pydantic-dict-type")))
        value = value.get(name)
        walked.append(name)
    return value


def _at_path(error: FieldError, paths: Mapping[str, str]) -> FieldError:
    name, dot, item = error.field.partition(".")
    return FieldError(f"{paths.get(name, name)}{dot}{item}", error.rule, error.message)


def _refused(*errors: FieldError) -> Unauthenticated:
    return Unauthenticated("token-claims", *errors, claims=", ".join(error.field for error in errors))
