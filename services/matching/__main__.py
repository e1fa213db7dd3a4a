"""Run the service: `python -m services.matching`."""

from services.matching.main import SERVICE
from shared.chassis.http.app import run

if __name__ == "__main__":
    run(SERVICE)
