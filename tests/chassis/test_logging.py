"""Every line of a process is one JSON object, a library's and a traceback's too."""

import json
import subprocess
import sys

PROGRAM = """
import logging
import structlog
from shared.chassis.logging import configure_logs

configure_logs("registry", "INFO")
log = structlog.get_logger()
log.debug("too fine")
log.info("member_approved", member="m1")
with structlog.contextvars.bound_contextvars(correlation="c1"):
    try:
        raise ValueError("two\\nlines")
    except ValueError:
        log.exception("failed")
logging.getLogger("aiokafka").warning("a %s", "library")
logging.getLogger("aiokafka").info("chatter")
"""


def test_each_line_is_an_object_with_the_service() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["event"], line["level"], line["service"]) for line in lines] == [
        ("member_approved", "info", "registry"),
        ("failed", "error", "registry"),
        ("a library", "warning", "registry"),
    ]
    approved, failed, library = lines
    assert (approved["member"], "correlation" in approved) == ("m1", False)
    assert (failed["correlation"], failed["exception"].endswith("ValueError: two\nlines")) == ("c1", True)
    assert library["logger"] == "aiokafka"
    assert all(line["timestamp"].endswith("Z") for line in lines)
