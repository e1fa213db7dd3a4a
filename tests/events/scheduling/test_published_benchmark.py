"""Instances of the published benchmark come out as published. Fast ones only: `make bench` is for the others."""

import csv
from pathlib import Path

import pytest

from services.events.scheduling import Infeasible, Schedule, parse_dzn, solve, verify

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "b2b"
SECONDS = 60.0
FAST = [
    ("tic-12", "original"),
    ("tic-12", "fixed020-Forb"),
    ("tic-12", "forb0003"),
    ("tic-12", "prec25"),
    ("tic-13", "d0"),
    ("tic-13", "fixed040-Forb"),
    ("tic-13crafc", "forb0007"),
    ("tic-14crafa", "forb0003"),
    ("forumt-14", "original"),
    ("forumt-14crafd", "d1"),
    ("forumt-14crafd", "d0"),
    ("forum-13", "prec25"),
]

pytestmark = pytest.mark.skipif(
    not (DATA / "published.csv").exists(), reason=f"the benchmark may not be redistributed and is not at {DATA}"
)


@pytest.fixture(scope="module")
def published() -> dict[tuple[str, str], dict[str, str]]:
    with (DATA / "published.csv").open() as rows:
        return {(row["base"], row["variant"]): row for row in csv.DictReader(rows)}


@pytest.mark.parametrize(("base", "variant"), FAST)
def test_as_published(base: str, variant: str, published: dict[tuple[str, str], dict[str, str]]) -> None:
    row = published[base, variant]
    file = DATA / f"{base}.{variant if (DATA / f'{base}.{variant}.dzn').exists() else 'original'}.dzn"
    problem = parse_dzn(file.read_text(), fairness=int(row["fairness_d"]))
    answer = solve(problem, SECONDS, all_placed=True)
    if row["optimal_breaks"] == "infeasible":
        assert isinstance(answer, Infeasible)
        return
    assert isinstance(answer, Schedule)
    assert verify(problem, answer).violations == ()
    assert (answer.status, answer.breaks) == ("optimal", int(row["optimal_breaks"]))
