"""Run the service: `python -m services.matching`."""

from services.matching.main import SERVICE
from shared.chassis.runtime.application import run

if __name__ == "__main__":
    run(SERVICE)
