"""The documents: each link leads somewhere, each decision record has its parts and its line in the list."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "docs/adr").glob("0*.md"))


def documents() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.split()]


def anchors(document: Path) -> set[str]:
    """The anchors of the headings, as forges make them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_each_decision_record_has_its_parts_and_its_line(record: Path) -> None:
    text = record.read_text()
    assert re.search(r"^- Date: \d{4}-\d{2}-\d{2}", text, re.MULTILINE)
    assert re.search(r"^- Status: (accepted|superseded)", text, re.MULTILINE)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Alternatives", "Consequences"]
    assert f"({record.name})" in (ROOT / "docs/adr/README.md").read_text()


def drawn() -> set[str]:
    """The folders of the tree in docs/architecture.md."""
    block = (ROOT / "docs/architecture.md").read_text().partition("## The tree\n\n```\n")[2].partition("```")[0]
    path: list[str] = []
    folders = set()
    for line in block.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name, description = line.split(maxsplit=1)
        assert description, line
        path[depth:] = [name]
        folders.add("".join(path).rstrip("/"))
    return folders


def test_the_tree_is_that_of_the_project() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    folders = {parent for name in listed.stdout.splitlines() for parent in Path(name).parents[:-1]}
    depths = {"services": 3, "shared": 3}
    folder_names = {str(folder) for folder in folders if len(folder.parts) <= depths.get(folder.parts[0], 2)}
    mirrored = {name for name in folder_names if name.startswith("tests/")} - {"tests/system", "tests/end_to_end", "tests/lib"}
    hidden = {name for name in folder_names if name.startswith(".") or name.endswith("/locale")}
    assert drawn() == folder_names - mirrored - hidden


def tracked() -> set[str]:
    """Every file and folder of the project."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    files = listed.stdout.splitlines()
    return {*files, *(f"{parent}/" for name in files for parent in Path(name).parents[:-1])}


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_path_in_a_document_exists(document: Path) -> None:
    """A path in backquotes that looks like one of ours: whole, or its end."""
    paths = {f"/{name}" for name in tracked()}
    for name in re.findall(r"`([a-z_]+/[a-z_/]+(?:\.py|\.md|\.tsv|\.xml|/)|[a-z_]+\.py)`", document.read_text()):
        assert any(path.endswith(f"/{name}") for path in paths), name
