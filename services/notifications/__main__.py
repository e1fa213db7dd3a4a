"""Run the service: `python -m services.notifications`."""

from services.notifications.main import SERVICE
from shared.chassis.http.app import run

if __name__ == "__main__":
    run(SERVICE)
