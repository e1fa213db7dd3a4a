"""`python -m tools.linters [PATH...]`: the named files and folders, or the areas that pyproject.toml lists."""

import sys
from pathlib import Path

from tools.linters.areas import configured
from tools.linters.names import check_names


def main(root: Path, arguments: list[str]) -> int:
    """Print every finding; the number of findings decides the exit code (0 or 1)."""
    paths = [Path(argument).resolve() for argument in arguments]
    findings = list(check_names(root, paths or configured(root, "names")))
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd(), sys.argv[1:]))
