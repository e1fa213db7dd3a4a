"""Run the service: `python -m services.registry`."""

from services.registry.main import SERVICE
from shared.chassis.http.app import run

if __name__ == "__main__":
    run(SERVICE)
