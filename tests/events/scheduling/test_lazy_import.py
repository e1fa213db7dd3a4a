"""A service that does not solve does not load the solver."""

import subprocess
import sys


def test_importing_the_library_does_not_load_the_solver() -> None:
    code = "import sys, services.events.scheduling; sys.exit(bool({'ortools', 'pysat'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], timeout=30, check=False).returncode == 0
