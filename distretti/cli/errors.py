"""Errors of commands as texts on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from distretti.devstack.errors import LocalError

RETRY_ADVICE = "Check that it runs, and that {setting} names it where --servers is given; then repeat the command."


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Turn an error that says what to do, or an unreachable server, into a text on stderr and exit status 1."""
    try:
        yield
    except Exception as error:
        if (text := _message(error)) is None:
            raise
        Console(stderr=True).print(text, style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _message(error: Exception) -> str | None:
    """What to do, in a sentence or two; None for a programming error, whose traceback must stay."""
    if isinstance(error, LocalError):
        return str(error)
    # The drivers are imported only once something went wrong: every command imports this module.
    from aiokafka.errors import KafkaError

    from shared.chassis.config import WrongSettings
    from shared.chassis.kafka.topic_reader import KafkaSilent
    from shared.chassis.mongo import is_outage, is_wrong_address

    if isinstance(error, WrongSettings):
        return str(error)
    if isinstance(error, KafkaSilent | KafkaError):
        return f"Kafka: {_first_line(error)} {RETRY_ADVICE.format(setting='DISTRETTI_KAFKA_BOOTSTRAP')}"
    if is_outage(error):
        return f"MongoDB: {_first_line(error)} {RETRY_ADVICE.format(setting='DISTRETTI_MONGO_URL')}"
    if is_wrong_address(error):
        return (
            f"This is no address of MongoDB: {_first_line(error)} DISTRETTI_MONGO_URL must be mongodb://host:port/?replicaSet=rs0."
        )
    return None


def _first_line(error: Exception) -> str:
    """The driver's message without the topology description that follows it."""
    words = (str(error) or type(error).__name__).partition("\n")[0].partition(", Timeout:")[0]
    return words.rstrip(".") + "."
