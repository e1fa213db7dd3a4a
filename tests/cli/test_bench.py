"""`distretti bench scheduling` on an instance of our own making."""

from pathlib import Path

from distretti.cli.main import app
from tests.cli.small_instance import INSTANCE, RUNNER, words, write


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
