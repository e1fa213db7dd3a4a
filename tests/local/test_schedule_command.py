"""`distretti schedule` and `distretti bench scheduling` on an instance of our own making."""

import json
from pathlib import Path

from typer.testing import CliRunner

from deploy.b2b.referee import judge
from deploy.cli.main import app

INSTANCE = """
nBusiness = 4; nMeetings = 3; nTables = 2; nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2, 1,
|1, 3, 2,
|3, 4, 3,
|];
forbidden = [{0,2}, {0}, {0}, {0,4}];
fixed = [0,0,0];
precedences = [{}, {1}, {}];
"""
RUNNER = CliRunner()


def write(directory: Path, name: str, text: str) -> Path:
    file = directory / name
    file.write_text(text)
    return file


def test_the_schedule_as_json(tmp_path: Path) -> None:
    file = write(tmp_path, "small.original.dzn", INSTANCE)
    done = RUNNER.invoke(app, ["schedule", str(file), "--time-limit", "30", "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["status"], said["breaks"], said["bound"]) == ("optimal", 1, 1)
    assert judge(INSTANCE, 2, said["slots"]) == (1, [])
    assert len(said["tables"]) == 3


def test_an_infeasible_instance_says_why(tmp_path: Path) -> None:
    file = write(tmp_path, "crowded.dzn", INSTANCE.replace("{0,2}", "{0,1,2}"))
    done = RUNNER.invoke(app, ["schedule", str(file), "--json"])
    said = json.loads(done.stdout)
    assert (said["status"], said["slots"], said["breaks"]) == ("infeasible", [], None)
    assert "1 has 1 accepted meeting and 0 free slots in session 1." in said["reason"]


def test_too_little_time_is_said(tmp_path: Path) -> None:
    done = RUNNER.invoke(app, ["schedule", str(write(tmp_path, "small.dzn", INSTANCE)), "--time-limit", "0"])
    assert done.exit_code == 1
    assert "allow more time" in done.output


def test_the_bench_compares_with_what_is_published(tmp_path: Path) -> None:
    write(tmp_path, "small.original.dzn", INSTANCE)
    head = "base,variant,fairness_d,optimal_breaks,maxsat_seconds_2022\n"
    write(tmp_path, "published.csv", head + "small,original,2,1,0.1\nsmall,d0,0,infeasible,0.1\n")
    done = RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path), "--orders", "2"])
    assert done.exit_code == 0, done.output
    assert done.stdout.count("2 cases: 2 proven, 2 equal") == 2
    write(tmp_path, "published.csv", head + "small,original,2,0,0.1\n")
    assert RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path)]).exit_code == 1


def test_the_referee_sees_every_fault() -> None:
    assert judge(INSTANCE, 2, [1, 3, 2]) == (1, [])
    faults = {
        (2, 3, 1): "participant 1 busy in forbidden slot 2",
        (3, 4, 2): "meeting 1 outside its session",
        (1, 1, 2): "meeting 2 not after 1",
        (1, 3, 3): "participant 3 twice in a slot",
        (1, 3, 9): "meeting 3 in slot 9",
    }
    for slots, fault in faults.items():
        assert fault in judge(INSTANCE, 2, slots)[1]
    assert judge(INSTANCE, 0, [1, 3, 2])[1] == ["breaks differ by 1"]
    assert judge(INSTANCE.replace("nTables = 2", "nTables = 1").replace("{0,4}", "{0}"), 9, [1, 3, 1])[1] == [
        "slot 1 over its tables"
    ]
    assert judge(INSTANCE.replace("fixed = [0,0,0]", "fixed = [0,4,0]"), 9, [1, 3, 2])[1] == ["meeting 2 not where it is fixed"]
