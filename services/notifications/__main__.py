"""Run the service: `python -m services.notifications`."""

from services.notifications.main import SERVICE
from shared.chassis.runtime.application import run

if __name__ == "__main__":
    run(SERVICE)
