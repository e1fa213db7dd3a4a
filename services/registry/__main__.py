"""Run the service: `python -m services.registry`."""

from services.registry.main import SERVICE
from shared.chassis.runtime.application import run

if __name__ == "__main__":
    run(SERVICE)
