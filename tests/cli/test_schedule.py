"""`distretti schedule` and `distretti bench scheduling` on an instance of our own making."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.scheduling_instances.verifier import judge
from distretti.cli.main import app

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
    result = json.loads(done.stdout)
    assert (result["status"], result["breaks"], result["bound"]) == ("optimal", 1, 1)
    assert judge(INSTANCE, 2, result["slots"]) == (1, [])
    assert len(result["tables"]) == 3


def test_an_infeasible_instance_says_why(tmp_path: Path) -> None:
    file = write(tmp_path, "crowded.dzn", INSTANCE.replace("{0,2}", "{0,1,2}"))
    done = RUNNER.invoke(app, ["schedule", str(file), "--json"])
    result = json.loads(done.stdout)
    assert (result["status"], result["slots"], result["breaks"]) == ("infeasible", [], None)
    assert "1 has 1 accepted meeting and 0 free slots in session 1." in result["reason"]


def test_too_little_time_is_said(tmp_path: Path) -> None:
    done = RUNNER.invoke(app, ["schedule", str(write(tmp_path, "small.dzn", INSTANCE)), "--time-limit", "0"])
    assert done.exit_code == 1
    assert "allow more time" in done.output


def words(text: str) -> str:
    """What is said, without the frame around it."""
    return " ".join(text.replace("│", " ").split())


def test_a_file_that_is_no_instance_is_refused_by_name_and_field(tmp_path: Path) -> None:
    file = write(tmp_path, "four.dzn", INSTANCE.replace("|1, 3, 2,", "|1, 3, 2, 4,"))
    done = RUNNER.invoke(app, ["schedule", str(file)], env={"COLUMNS": "300"})
    assert done.exit_code == 2
    assert f"{file}: requested: row 2 has 4 numbers instead of 3" in words(done.stderr)
    file.write_bytes(b"\xff\xfe bad")
    for command in (["schedule", str(file)], ["import", "b2b", str(file)]):
        done = RUNNER.invoke(app, command, env={"COLUMNS": "300"})
        assert done.exit_code == 2
        assert f"{file}: the file: must be text in UTF-8: byte 0 is none of it" in words(done.stderr)


@pytest.mark.parametrize("seconds", ["inf", "nan", "-1", "1e9"])
@pytest.mark.parametrize("command", [["schedule"], ["bench", "scheduling"]])
def test_a_time_limit_is_a_day_at_most(command: list[str], seconds: str, tmp_path: Path) -> None:
    file = write(tmp_path, "small.dzn", INSTANCE)
    done = RUNNER.invoke(app, [*command, str(file if command == ["schedule"] else tmp_path), "--time-limit", seconds])
    assert done.exit_code == 2
    assert "must be from 0 to 86400 seconds" in words(done.stderr)


def test_the_bench_goes_on_after_a_file_that_is_no_instance(tmp_path: Path) -> None:
    write(tmp_path, "a.dzn", "nTotalSlots = [/x];")
    (tmp_path / "b.dzn").write_bytes(b"\xff")
    write(tmp_path, "c.dzn", INSTANCE)
    done = RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path)])
    assert done.exit_code == 1
    assert "3 cases: 1 proven, 1 equal" in done.stdout
    assert done.stdout.count("unreadable") == 2
    (tmp_path / "b.dzn").unlink()
    assert RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path)]).exit_code == 1


def test_the_bench_says_that_there_is_nothing_to_solve(tmp_path: Path) -> None:
    done = RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path)], env={"COLUMNS": "300"})
    assert done.exit_code == 2
    assert f"{tmp_path}: there is no instance (.dzn) in it" in words(done.stderr)
    write(tmp_path, "small.dzn", INSTANCE)
    done = RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path), "--originals"], env={"COLUMNS": "300"})
    assert done.exit_code == 2
    assert "there is no original (.original.dzn) in it" in words(done.stderr)


def test_the_bench_without_time_and_without_meetings(tmp_path: Path) -> None:
    write(tmp_path, "small.dzn", INSTANCE)
    done = RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path), "--time-limit", "0"])
    assert done.exit_code == 1
    assert "1 cases: 0 proven, 0 equal" in done.stdout
    empty = "nBusiness = 2; nMeetings = 0; nTables = 1; nTotalSlots = 2; nMorningSlots = 2;"
    write(tmp_path, "small.dzn", empty + "requested = [||]; forbidden = [{0}, {0}]; fixed = []; precedences = [];")
    done = RUNNER.invoke(app, ["bench", "scheduling", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "1 cases: 1 proven, 1 equal" in done.stdout


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


def test_the_referee_reads_comments_and_ranges_as_they_are_meant() -> None:
    text = "% nTables = 1; forbidden = [];\n" + INSTANCE.replace("{0}, {0}, {0,4}", "{0}, 2..3, {1..3}")
    busy = "participant {} busy in forbidden slot {}"
    assert judge(text, 2, [1, 3, 2])[1] == [busy.format(3, 2), busy.format(3, 3), busy.format(4, 2)]
