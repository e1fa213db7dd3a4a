"""`distretti schedule` on an instance of our own making, and the referee of the benchmark."""

import json
from pathlib import Path

from benchmarks.scheduling_instances.verifier import judge
from distretti.cli.main import app
from tests.cli.small_instance import INSTANCE, RUNNER, words, write


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
