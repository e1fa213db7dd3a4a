"""A setting that cannot be is named before anything starts, with what it must be, and without what it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.chassis.config import PREFIX, Settings, WrongSettings, read_settings

DOCUMENT = Path("docs/operations/settings.md")
WRONG = {
    "PORT": ["http", "70000", "-1"],
    "LOG_LEVEL": ["LOUD"],
    "NAMESPACE": ["Bad Name"],
    "HOST": [""],
    "ROOT_PATH": ["events", "/events/", "/a?b", "/a#b"],
    "MONGO_URL": [
        "",
        "localhost",
        "mongodb://user:secret@localhost:none/",
        "mongodb://localhost:99999/",
        "mongodb+srv://",
        "mongodb://h/?tls=true&tlsCAFile=/none",
    ],
    "MONGO_TIMEOUT": ["0", "soon", "inf", "1e12"],
    "KAFKA_BOOTSTRAP": ["", "localhost", "localhost:kafka", "one:9092,two", "localhost:0", "a:9092/x", "[::1]x:9092", "u:p@a:9092"],
    "KAFKA_SESSION_TIMEOUT": ["5"],
    "AUTH_JWKS_URL": ["ftp://keys.example/jwks", "https://", "file://", "http://keys.example:x/jwks"],
    "GRACE": ["-1"],
    "NOTICE": ["-0.1"],
    "BATCH": ["0", "5001"],
    "SMTP_PORT": ["0"],
    "SMTP_TLS": ["", "always", "STARTTLS"],
    "SMTP_CA_FILE": ["ca.pem"],
    "SMTP_USER": ["distretti"],
    "SMTP_PASSWORD": ["secret"],
    "MAIL_FROM": ["", "nobody", "a@one.example, b@two.example", "info@società.it"],
}
RIGHT = {
    "PORT": ["0", "8080"],
    "LOG_LEVEL": ["debug", "WARNING"],
    "ROOT_PATH": ["", "/events", "/api/events"],
    "MONGO_URL": ["mongodb://a:1,b:2/?replicaSet=rs0", "mongodb://user:p%40ss@db.example", "mongodb+srv://cluster.example/"],
    "KAFKA_BOOTSTRAP": ["localhost:9092", "one:9092,two:9093", "[::1]:9092", "one:9092 , two:9092"],
    "AUTH_JWKS_URL": ["https://keys.example/jwks", "http://[::1]:8000/jwks", "file:///keys/jwks.json"],
    "MAIL_FROM": [
        "noreply@districts.example",
        "Distretti <noreply@districts.example>",
        "Distretti S.r.l. <a@b.example>",
        '"Rossi, Dr." <a@b.example>',
    ],
}


def pairs(settings: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in settings.items() for value in values]


@pytest.mark.parametrize(("name", "value"), pairs(WRONG))
def test_a_wrong_setting_is_named_with_what_it_must_be(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(WrongSettings, match=rf"^{PREFIX}{name}: .*must .*\.$") as wrong:
        read_settings()
    assert "secret" not in str(wrong.value)


@pytest.mark.parametrize(("name", "value"), pairs(RIGHT))
def test_a_right_setting_is_read(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    read = str(getattr(read_settings(), name.lower()))
    assert read.lower().replace(" ", "") == value.lower().replace(" ", "")


@pytest.mark.parametrize("policy", ["starttls", "implicit", "none"])
def test_a_login_is_read_from_files_and_a_variable_goes_first(policy: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, content in {"user": "distretti\n", "password": " se=cret \r\n"}.items():
        (tmp_path / name).write_bytes(content.encode())
        monkeypatch.setenv(f"{PREFIX}SMTP_{name.upper()}_FILE", str(tmp_path / name))
    monkeypatch.setenv(f"{PREFIX}SMTP_TLS", policy)
    settings = read_settings()
    assert (settings.smtp_user, settings.smtp_password) == ("distretti", " se=cret ")
    assert "se=cret" not in repr(settings)
    monkeypatch.setenv(f"{PREFIX}SMTP_USER", "first")
    assert read_settings().smtp_user == "first"
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert read_settings() == settings


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"SMTP_TLS": "opportunistic", "SMTP_USER": "distretti", "SMTP_PASSWORD": "secret"}, "SMTP_USER"),
        ({"SMTP_TLS": "starttls", "SMTP_USER": "distretti"}, "SMTP_PASSWORD"),
        ({"SMTP_TLS": "starttls", "SMTP_PASSWORD": "secret"}, "SMTP_PASSWORD"),
        ({"SMTP_TLS": "none", "SMTP_CA_FILE": "/etc/hostname"}, "SMTP_CA_FILE"),
        ({"SMTP_TLS": "implicit", "SMTP_CA_FILE": "/etc/hostname"}, "SMTP_CA_FILE"),
        ({"SMTP_TLS": "implicit", "SMTP_CA_FILE": "/nowhere"}, "SMTP_CA_FILE"),
        ({"SMTP_PASSWORD_FILE": "/nowhere"}, "SMTP_PASSWORD_FILE"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in settings.items():
        monkeypatch.setenv(PREFIX + variable, value)
    with pytest.raises(WrongSettings, match=rf"^{PREFIX}{name}: must .*\.$") as wrong:
        read_settings()
    assert "secret" not in str(wrong.value)


def test_a_service_does_not_start_with_them() -> None:
    wrong = {f"{PREFIX}PORT": "none", f"{PREFIX}KAFKA_BOOTSTRAP": "somewhere"}
    ended = subprocess.run(
        [sys.executable, "-m", "services.registry"], env=os.environ | wrong, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()] == [f"{PREFIX}PORT", f"{PREFIX}KAFKA_BOOTSTRAP"]


def test_every_setting_is_in_the_document() -> None:
    text = DOCUMENT.read_text()
    assert [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in text] == []
