"""Run the service: `python -m services.events`."""

from services.events.main import SERVICE
from shared.chassis.runtime.application import run

if __name__ == "__main__":
    run(SERVICE)
