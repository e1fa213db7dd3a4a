"""Settings from the environment, as the twelve-factor app asks. Every name starts with DISTRETTI_."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a service process must be told. Times are in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="DISTRETTI_", extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8080
    root_path: str = ""
    log_level: str = "INFO"
    namespace: str = Field(default="", pattern=r"^[a-z0-9\-]*$")
    """Put before topics, groups and databases, so that several systems can share one cluster."""

    mongo_url: str = "mongodb://127.0.0.1:27017/?replicaSet=rs0"
    mongo_timeout: float = 10
    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_session_timeout: float = 10
    kafka_timeout: float = 20

    auth_issuer: str = "https://distretti.example/issuer"
    auth_audience: str = "distretti"
    auth_jwks_url: str = "http://127.0.0.1:8000/issuer/jwks.json"

    grace: float = 20
    """How long a stop may take to drain what is under way: half for requests, half for events and workers."""
    notice: float = 1.5
    """How long a process that is told to stop still takes requests, so that the gateway learns of it (it asks twice a
    second) before the door closes."""
    requests_at_once: int = Field(default=32, ge=1)
    requests_waiting: int = Field(default=128, ge=0)
    requests_patience: float = 2
    """What is not begun after this is refused: who waits longer would rather be told to come back."""
    waits_at_once: int = Field(default=500, ge=1)
    """Requests that wait for something to change hold none of the places above; so many may wait at a time."""
    imports_at_once: int = Field(default=4, ge=1)
    body_bytes: int = 1_000_000
    outbox_most: int = 100_000
    """Commands are refused while more events than this are unsent: a few hundred megabytes of what is usual."""
    batch: int = Field(default=500, ge=1, le=5000)
    outbox_days: float = 7
    idempotency_hours: float = 48

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_timeout: float = 15
    mail_from: str = "distretti@distretti.example"
    historical_after: float = 86_400
    """Events older than this when they are heard are entered as history, and nothing is sent."""

    def environment(self) -> dict[str, str]:
        """Write these settings as the environment of a child process."""
        return {f"DISTRETTI_{name.upper()}": str(value) for name, value in self.model_dump().items()}

    def named(self, name: str) -> str:
        """Put the namespace before a topic's, group's or database's name."""
        return f"{self.namespace}{'-' if self.namespace else ''}{name}"
