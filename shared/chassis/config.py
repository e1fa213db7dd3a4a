"""Settings from the environment, as the twelve-factor app asks. Every name starts with DISTRETTI_."""

import os
import re
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "DISTRETTI_"


class WrongSettings(Exception):
    """Invalid settings: a line for each names it and its requirement, but not its value, which may be secret."""


def _prefix(value: str) -> str:
    if not re.fullmatch(r"(/[\w.~-]+)*", value):
        raise ValueError("must be a path such as /events, or nothing")
    return value


def _namespace(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]*", value):
        raise ValueError("must have lower-case letters, digits and hyphens alone")
    return value


def _servers(value: str) -> str:
    servers = [server.strip() for server in value.split(",")]
    for server in servers:
        if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]]+):\d+", server) or not _has_host_and_port(f"//{server}"):
            raise ValueError("must be host:port, or several with commas between them")
    return ",".join(servers)


def _mongo_url(value: str) -> str:
    from pymongo.errors import PyMongoError
    from pymongo.uri_parser import parse_uri

    try:
        if not re.match(r"mongodb\+srv://[^/,:]*[^/,:@](/|\?|$)", value):  # these name a record in the DNS, which is asked later
            parse_uri(value)
    except (PyMongoError, ValueError, OSError) as error:
        raise ValueError("must be mongodb://host:port/?replicaSet=NAME, with files and options that can be") from error
    return value


def _keys_url(value: str) -> str:
    scheme = urlsplit(value).scheme
    if not (scheme in ("http", "https") and _has_host_and_port(value)) and not (scheme == "file" and urlsplit(value).path):
        raise ValueError("must be http://host/path, https://host/path or file:///path")
    return value


def _claim_path(value: str) -> str:
    if not value.isprintable() or not all(name.strip() for name in value.split(".")):
        raise ValueError("must be the name of a claim, or names with dots between them, such as realm_access.roles")
    return value


def _has_host_and_port(url: str) -> bool:
    """Whether a URL names a host, and a valid port or none."""
    try:
        return bool(urlsplit(url).hostname) and urlsplit(url).port != 0
    except ValueError:
        return False


def _sender(value: str) -> str:
    addresses = [address for _, address in getaddresses([value])]
    if len(addresses) != 1 or not re.fullmatch(r"[^\s@,<>]+@[^\s@,<>]+", addresses[0]) or not addresses[0].isascii():
        raise ValueError("must be one address in ASCII, such as: Districts <noreply@districts.example>")
    return value


def _ca_file(value: str, info: ValidationInfo) -> str:
    if value and info.data.get("smtp_tls") not in ("starttls", "implicit"):
        raise ValueError(f"must not be set unless {PREFIX}SMTP_TLS is starttls or implicit: no other way checks a certificate")
    if value and not _has_certificates(value):
        raise ValueError("must be a file of CA certificates in PEM")
    return value


def _has_certificates(path: str) -> bool:
    import ssl

    try:
        return bool(ssl.create_default_context(cafile=path).get_ca_certs())
    except OSError:
        return False


def _smtp_user(value: str, info: ValidationInfo) -> str:
    if value and info.data.get("smtp_tls") == "opportunistic":
        raise ValueError(
            f"must not be set unless {PREFIX}SMTP_TLS is starttls, implicit or none: a password needs a way that is sure"
        )
    return value


def _smtp_password(value: str, info: ValidationInfo) -> str:
    if "smtp_user" in info.data and bool(value) != bool(info.data["smtp_user"]):
        raise ValueError(f"must be set where {PREFIX}SMTP_USER is, and only there")
    return value


Positive = Annotated[float, Field(gt=0, le=1e9)]
Pause = Annotated[float, Field(ge=0, le=1e9)]
ClaimPath = Annotated[str, AfterValidator(_claim_path)]
"""The name of a claim, or the names that lead to it with dots between them: `realm_access.roles`."""
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class _NamedFiles(PydanticBaseSettingsSource):
    """Any setting from a file: DISTRETTI_SMTP_PASSWORD_FILE names the one that holds DISTRETTI_SMTP_PASSWORD."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n") if path else None, field_name, False
        except (OSError, UnicodeDecodeError):
            raise WrongSettings(f"{variable}: must be a file that can be read.") from None

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """The settings of a service process. Times are in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True)

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=0, le=65535)
    root_path: Annotated[str, AfterValidator(_prefix)] = ""
    log_level: LogLevel = "INFO"
    commit: str = Field(default="", max_length=100)
    """The commit of the source that runs, where no work tree says it."""
    namespace: Annotated[str, AfterValidator(_namespace)] = ""
    """Prefix of topics, groups and databases, so that several systems can share one cluster."""

    mongo_url: Annotated[str, AfterValidator(_mongo_url)] = "mongodb://127.0.0.1:27017/?replicaSet=rs0"
    mongo_timeout: Positive = 10
    kafka_bootstrap: Annotated[str, AfterValidator(_servers)] = "127.0.0.1:9092"
    kafka_session_timeout: float = Field(default=10, ge=6, le=1800)
    """Brokers allow no less and no more by default."""
    kafka_timeout: Positive = 20

    auth_issuer: str = "https://distretti.example/issuer"
    auth_audience: str = "distretti"
    auth_jwks_url: Annotated[str, AfterValidator(_keys_url)] = "http://127.0.0.1:8000/issuer/jwks.json"
    auth_keys_age: Positive = 300
    """Keys older than this are fetched again before they are used: for so long a key that the issuer withdrew is accepted."""
    auth_keys_grace: Pause = 3600
    """Keys are used for so long beyond their age where the issuer does not answer."""
    auth_claim_roles: ClaimPath = "roles"
    auth_claim_member: ClaimPath = "member"
    auth_claim_manages: ClaimPath = "manages"

    grace: Positive = 20
    """How long a stop may take to drain what is under way: half for requests, half for events and workers."""
    notice: Pause = 1.5
    """How long a process that is told to stop still takes requests, so that the gateway learns of it (it asks twice a
    second) before the door closes."""
    requests_at_once: int = Field(default=32, ge=1)
    requests_waiting: int = Field(default=128, ge=0)
    requests_patience: Positive = 2
    """A request that has waited so long is refused."""
    max_long_polls: int = Field(default=500, ge=1)
    """Requests that wait for a change do not count as requests at once while they wait."""
    long_polls_each: int = Field(default=25, ge=1)
    """Of these, at most so many of one caller: an organisation, or a subject without."""
    imports_at_once: int = Field(default=64, ge=1)
    """Bulk imports that are open; what they do at a time is bounded by their lines."""
    import_lines_at_once: int = Field(default=32, ge=1)
    body_bytes: int = Field(default=65_536, ge=1)
    """Of a request whose route declares no other limit."""
    body_seconds: Positive = 10
    bodies_at_once: int = Field(default=1024, ge=1)
    """Bodies that have begun and not ended."""
    outbox_most: int = Field(default=100_000, ge=1)
    """Commands are refused while more events than this are unsent: a few hundred megabytes of what is usual."""
    batch: int = Field(default=500, ge=1, le=5000)
    outbox_days: Positive = 7
    idempotency_hours: Positive = 48
    idempotency_keys: int = Field(default=100_000, ge=1)
    """Of one caller, remembered at a time: some 30 MB."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=1025, ge=1, le=65535)
    smtp_timeout: Positive = 15
    smtp_tls: Literal["none", "opportunistic", "starttls", "implicit"] = "opportunistic"
    """`opportunistic` encrypts where the server offers it, whoever the server is; the last two do not send otherwise."""
    smtp_ca_file: Annotated[str, AfterValidator(_ca_file)] = ""
    """The CAs that may have signed the mail server's certificate, instead of the system's."""
    smtp_user: Annotated[str, AfterValidator(_smtp_user)] = ""
    smtp_password: Annotated[str, AfterValidator(_smtp_password), Field(validate_default=True, repr=False)] = ""
    mail_from: Annotated[str, AfterValidator(_sender)] = "distretti@distretti.example"
    mail_pause: Positive = 600
    """Repetitions of a mail of one sender to one recipient wait so long, and what is replaced meanwhile is not sent."""
    historical_after: Positive = 86_400
    """Messages about events older than this on arrival are recorded as historical, and not sent."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what the environment does not hold from the files that it names."""
        return init_settings, env_settings, _NamedFiles(settings_cls)

    def environment(self) -> dict[str, str]:
        """Write these settings as the environment of a child process."""
        return {f"DISTRETTI_{name.upper()}": str(value) for name, value in self.model_dump().items()}

    def named(self, name: str) -> str:
        """Put the namespace before a topic's, group's or database's name."""
        return f"{self.namespace}{'-' if self.namespace else ''}{name}"


def read_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment, but for the overrides. Raises WrongSettings."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = (
            f"{PREFIX}{str(item['loc'][0]).upper()}: {_requirement(item['msg'])}." for item in error.errors(include_input=False)
        )
        raise WrongSettings("\n".join(lines)) from None


def _requirement(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "must").replace("String should", "must").rstrip(".")
