"""`python -m tools.linters [PATH...]`: the named files and folders, or the areas that pyproject.toml lists."""

import sys
from pathlib import Path

from tools.linters.areas import configured
from tools.linters.names import check_names
from tools.linters.texts import check_texts


def main(root: Path, arguments: list[str]) -> int:
    """Print every finding; exit code 1 where there is one. Paths are checked for names, and for texts below services and shared."""
    paths = [Path(argument).resolve() for argument in arguments]
    with_texts = [path for path in paths if path.relative_to(root).parts[:1] in (("services",), ("shared",))]
    findings = [
        *check_names(root, paths or configured(root, "names")),
        *check_texts(root, with_texts if paths else configured(root, "texts")),
    ]
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd(), sys.argv[1:]))
