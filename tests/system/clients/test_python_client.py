"""Python models generated from the OpenAPI documents pass the type checker and read what the running services answer.

datamodel-code-generator makes the models, httpx2 the calls: a generator of whole clients (openapi-python-client) brings
httpx, which has no maintainer, and holds typer back.
"""

import shutil
import sys
from pathlib import Path

import pytest

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from tests.system.clients.openapi_documents import call_service, generate_all, run, write_documents

SOURCES = Path(__file__).parent / "python"
TYPES = Path(__file__).parents[3] / ".local" / "python-clients"
"""What the type checker knows of the libraries; kept from run to run."""
OPTIONS = (
    *("--input-file-type", "openapi"),
    *("--output-model-type", "pydantic_v2.BaseModel"),
    *("--target-python-version", "3.11"),
    *("--enum-field-as-literal", "all"),
    *("--formatters", "builtin"),
    "--use-annotated",
    "--disable-timestamp",
)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients of all services, type-checked strictly with their models."""
    folder = tmp_path_factory.mktemp("python") / "clients"
    shutil.copytree(SOURCES, folder)
    models = folder / "generated"
    models.mkdir()
    (models / "__init__.py").touch()
    documents = tmp_path_factory.mktemp("documents")
    generator = [sys.executable, "-m", "datamodel_code_generator", *OPTIONS]
    commands = [[*generator, "--input", path, "--output", models / f"{path.stem}.py"] for path in write_documents(documents)]
    generate_all(commands, folder)
    run([sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={TYPES}", "."], folder)
    return folder


@pytest.mark.parametrize(
    ("service", "answer"),
    [
        ("registry", ["marble", "Marble", 1]),
        ("events", [[], None]),
        ("matching", [[], None]),
        ("notifications", [0, 0]),
    ],
)
async def test_a_generated_client_calls_the_service(
    service: str, answer: object, checked: Path, settings: Settings, issuer: Issuer
) -> None:
    assert await call_service(service, [sys.executable, f"{service}.py"], checked, settings, issuer) == answer
