"""TypeScript clients generated from the OpenAPI documents compile strictly and call the running services."""

import hashlib
import shutil
from pathlib import Path

import pytest

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from tests.system.clients.openapi_documents import call_service, generate_all, run, write_documents

SOURCES = Path(__file__).parent / "typescript"
PACKAGES = Path(__file__).parents[3] / ".local" / "typescript-clients"
"""Where npm installs the generator and the compiler; kept from run to run."""


def install_packages() -> Path:
    """Install what package-lock.json pins, unless that is there; return `node_modules`."""
    assert shutil.which("npm"), "npm is missing: install Node.js 20 or newer, which the TypeScript clients are tested with"
    modules, stamp = PACKAGES / "node_modules", PACKAGES / "installed"
    lock = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != lock:
        PACKAGES.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(SOURCES / name, PACKAGES)
        run(["npm", "ci"], PACKAGES)
        stamp.write_text(lock)
    return modules


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients of all services as JavaScript."""
    folder = tmp_path_factory.mktemp("typescript")
    modules = install_packages()
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(modules)
    generator = modules / ".bin" / "openapi-typescript"
    commands = [[generator, path, "--output", f"generated/{path.stem}.ts"] for path in write_documents(folder)]
    generate_all(commands, folder)
    run([modules / ".bin" / "tsc", "--project", "."], folder)
    return folder / "built"


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
    service: str, answer: object, compiled: Path, settings: Settings, issuer: Issuer
) -> None:
    assert await call_service(service, ["node", f"{service}.js"], compiled, settings, issuer) == answer
