"""A command that meets servers that are not there says so in a sentence, and what to do."""

import pytest
import typer
from aiokafka.errors import KafkaConnectionError
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, ServerSelectionTimeoutError

from distretti.cli.errors import exit_on_error
from distretti.devstack.errors import LocalError
from shared.chassis.kafka.topic_reader import KafkaSilent


def meet(error: Exception | None) -> None:
    """Raise it; without one, what the driver says of a wrong URL."""
    if error:
        raise error
    MongoClient("http://127.0.0.1:27017")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LocalError("do this"), "do this"),
        (KafkaConnectionError("Unable to bootstrap"), "DISTRETTI_KAFKA_BOOTSTRAP"),
        (KafkaSilent("Kafka gave no record"), "Kafka gave no record"),
        (ServerSelectionTimeoutError("refused, Timeout: 10s, Topology Description: <pages>"), "DISTRETTI_MONGO_URL"),
        (AutoReconnect("connection closed"), "MongoDB: connection closed."),
        (None, "no address of MongoDB"),
    ],
)
def test_an_outage_is_reported_in_a_sentence(error: Exception | None, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), exit_on_error():
        meet(error)
    output = capsys.readouterr().err
    assert message in output
    assert "Topology" not in output
    assert len(output.splitlines()) == 1


def test_a_fault_of_ours_is_shown_whole() -> None:
    with pytest.raises(KeyError), exit_on_error():
        meet(KeyError("a fault"))
