"""A class is graded: each submission once, its result kept whatever happens, the tables of all."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort import collected, decisions, settings, standings, table
from workbench.cohort.collected import Line
from workbench.cohort.decisions import Decision
from workbench.cohort.grading import Grading, Shard
from workbench.cohort.handins import hand_ins
from workbench.cohort.judges import Here
from workbench.cohort.keepers import Keepers

ROOT = Path(__file__).parent.parent
GOOD = """
A node is a task, and an edge leads from a task to the one that needs its result. No path leads
back. The order of work follows from the edges. Independent tasks can run in parallel.
"""
BAD = "An edge may lead from a task back to itself, so a DAG has cycles."
SLOW = "import time\ntime.sleep(3)\n"
NOTES = {"timings.csv", ".grades.lock"}  # what may differ


def put(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def folder(tmp_path):
    return put(
        tmp_path / "in",
        {
            "ada/problem_1.md": GOOD,
            "ada/problem_3.ipynb": (ROOT / "solutions/problem_3.ipynb").read_text(),
            "bob/problem_3.py": "def process_data(input_file, output_file): pass",
            "bob/problem_1.txt": "",
            "cy/problem_3.py": "import os\nos._exit(0)\n",
            "cy/problem_1.ipynb": "not a notebook",
            "cy/notes.txt": "x",
        },
    )


@pytest.fixture
def cohort(tmp_path):
    """A class of prose, which is judged at once."""
    attempts = {"ada/1": BAD, "ada/2": GOOD, "bob/1": GOOD, "cy/1": "", "di/1": "not\0"}
    files = {f"learners/{name}/problem_1.md": text for name, text in attempts.items()}
    return put(tmp_path / "class", files)


def graded(root, folder=None, jobs=1, seed=5, **options):
    return Grading(root, hand_ins(folder or root), Here(jobs), seed).run(**options)


def rows(root):
    with (root / "grades.csv").open(newline="") as file:
        return {(row["learner"], row["problem"]): row for row in csv.DictReader(file)}


def written(root):
    """Every file that must not depend on when and how it was made."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and path.name not in NOTES)
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def judged(run):
    """How many answers a run judges."""
    counts = []
    run(planned=counts.append)
    return counts[0]


def test_every_submission_gets_a_report_and_a_row(folder, tmp_path):
    done = workbench("grade", folder, "--out", tmp_path / "out", "--jobs", 2, "--seed", 5)
    assert done.returncode == 0, done.stderr
    assert "1 not_attempted, 2 passed, 1 unusable" in done.stdout
    table = rows(tmp_path / "out")
    assert {key: (row["outcome"], row["score"]) for key, row in table.items()} == {
        ("ada", "problem_1"): ("passed", table["ada", "problem_1"]["score"]),
        ("ada", "problem_3"): ("passed", "6"),
        ("bob", "problem_1"): ("not_attempted", "0"),
        ("bob", "problem_3"): ("failed", "0"),
        ("cy", "problem_1"): ("unusable", ""),
        ("cy", "problem_3"): ("failed", "0"),
    }
    columns = "learner,problem,attempt,outcome,score,max_score,stretch,max_stretch,late,seed,note"
    assert ",".join(table["ada", "problem_3"]) == columns
    assert table["cy", "problem_1"]["note"].startswith("problem_1.ipynb")
    report = json.loads((tmp_path / "out/cy/problem_3.json").read_text())
    assert (report["stopped"], report["score"]) == ("exit", 0)
    assert "duration_s" not in report
    assert len((tmp_path / "out/timings.csv").read_text().splitlines()) == 7


def test_the_seed_of_a_row_gives_the_same_report(folder, tmp_path):
    graded(tmp_path / "out", folder)
    row = rows(tmp_path / "out")["ada", "problem_3"]
    file = folder / "ada/problem_3.ipynb"
    done = workbench("check", "problem_3", file, "--seed", row["seed"], "--json")
    kept = json.loads((tmp_path / "out/ada/problem_3.json").read_text())
    assert json.loads(done.stdout)["criteria"] == kept["criteria"]
    seeds = {row["seed"] for row in rows(tmp_path / "out").values()}
    assert len(seeds) == 3  # a learner's inputs are their own


@pytest.mark.slow
def test_the_bytes_are_the_same_whatever_the_jobs(folder, tmp_path):
    for jobs in (1, 4):
        graded(tmp_path / f"out{jobs}", folder, jobs=jobs)
    assert written(tmp_path / "out1") == written(tmp_path / "out4")


@pytest.mark.parametrize("make", [lambda path: path / "nowhere", lambda path: path])
def test_a_folder_without_submissions_is_named(tmp_path, make):
    with pytest.raises(
        PipelineError, match="no such folder; give one|no submissions; they are named <learner>"
    ):
        hand_ins(make(tmp_path))


def test_a_link_and_a_second_file_are_refused_and_never_opened(folder, tmp_path):
    (folder / "cy/problem_5.py").symlink_to(folder / "ada/problem_3.ipynb")
    (folder / "cy/problem_4.py").symlink_to("/nowhere")
    (folder / "di").symlink_to(folder / "ada")
    (folder / "ada/problem_1.txt").write_text(GOOD)
    refused = {
        (hand_in.learner, hand_in.problem): hand_in.refused
        for hand_in in hand_ins(folder)
        if hand_in.refused
    }
    several = "there are several files for it (problem_1.md, problem_1.txt); hand in one"
    link = "it is a link to something else; hand in the file itself"
    assert refused == {
        ("ada", "problem_1"): several,
        ("cy", "problem_4"): link,
        ("cy", "problem_5"): link,
        ("di", "problem_3"): link,
        ("di", "problem_1"): several,
    }
    links = [hand_in for hand_in in hand_ins(folder) if hand_in.refused == link]
    standings = Grading(tmp_path / "out", links).run()
    assert {(one.outcome, one.note) for one in standings} == {("unusable", link)}


def test_only_what_changed_is_judged_again(cohort):
    grading = Grading(cohort, hand_ins(cohort))
    assert judged(grading.run) == 4
    before = written(cohort)
    assert judged(Grading(cohort, hand_ins(cohort)).run) == 0
    assert written(cohort) == before
    put(cohort, {"learners/bob/1/problem_1.md": BAD})
    assert judged(Grading(cohort, hand_ins(cohort)).run) == 1
    assert len(rows(cohort)) == 4
    kept = json.loads((cohort / "results/bob/problem_1.json").read_text())
    assert kept["outcome"] == "failed"
    assert [other["outcome"] for other in kept["others"]] == ["passed"]
    assert (
        judged(lambda **options: Grading(cohort, hand_ins(cohort)).run(again=True, **options)) == 4
    )


def test_the_rule_of_the_class_says_which_attempt_counts(cohort):
    lines = {"last": ("2", "passed"), "first": ("1", "failed"), "best": ("2", "passed")}
    graded(cohort)
    for rule, expected in lines.items():
        text = (cohort / "class.toml").read_text()
        (cohort / "class.toml").write_text(
            "\n".join(
                f'attempt = "{rule}"' if line.startswith("attempt") else line
                for line in text.splitlines()
            )
        )
        graded(cohort)
        row = rows(cohort)["ada", "problem_1"]
        assert (row["attempt"], row["outcome"]) == expected


def test_the_last_attempt_before_the_due_time_may_be_the_one_that_counts(cohort):
    lines = [
        Line("ada", "problem_1", attempt, "taken", "", f"e/{attempt}", submitted=f"2026-12-0{day}")
        for attempt, day in (("1", 1), ("2", 3))
    ]
    collected.write(cohort, lines)
    due = 'seed = 1\nattempt = "in time"\ndue = 2026-12-02T00:00:00\n'
    for setting, expected in ((due, ("1", "no")), (due.replace("02T", "04T"), ("2", "no"))):
        put(cohort, {"class.toml": setting})
        graded(cohort, seed=None)
        row = rows(cohort)["ada", "problem_1"]
        assert (row["attempt"], row["late"]) == expected
    put(cohort, {"class.toml": due.replace("in time", "last")})
    graded(cohort, seed=None)
    assert rows(cohort)["ada", "problem_1"]["late"] == "yes"


def test_what_is_withdrawn_stays_and_is_marked(cohort):
    graded(cohort)
    (cohort / "learners/bob/1/problem_1.md").unlink()
    graded(cohort)
    row = rows(cohort)["bob", "problem_1"]
    assert row["outcome"] == "passed"
    assert row["note"] == "withdrawn: its hand-in is not there any more"
    assert json.loads((cohort / "results/bob/problem_1.json").read_text())["withdrawn"] is True
    put(cohort, {"learners/bob/1/problem_1.md": GOOD})
    assert judged(Grading(cohort, hand_ins(cohort)).run) == 0
    assert rows(cohort)["bob", "problem_1"]["note"] == ""


def test_shards_together_are_the_class(cohort):
    parts = [
        judged(lambda **options: graded(cohort, shard=Shard(number, 3), **options))  # noqa: B023
        for number in (1, 2, 3)
    ]
    assert sum(parts) == 4
    together = written(cohort)
    for path in (cohort / "results").rglob("*.json"):
        path.unlink()
    graded(cohort)
    assert written(cohort) == together


def test_who_is_in_the_roster_and_handed_in_nothing_has_a_row(cohort):
    put(cohort, {"roster.csv": "id,name\nada,Ada L.\nzoe,Zoë\n"})
    graded(cohort)
    row = rows(cohort)["zoe", "problem_1"]
    assert (row["outcome"], row["score"], row["max_score"]) == ("not_handed_in", "0", "8")


def test_a_decision_survives_a_regrade_and_is_not_inherited(cohort):
    graded(cohort)
    answer = json.loads((cohort / "results/bob/problem_1.json").read_text())["key"]["answer"]
    decision = Decision("bob", "problem_1", answer, "directed", "failed", "Which way?", "me", "now")
    decisions.add(cohort, decision)
    graded(cohort, again=True)
    row = rows(cohort)["bob", "problem_1"]
    assert row["outcome"] == "failed"
    put(cohort, {"learners/bob/2/problem_1.md": f"{GOOD} Really."})
    graded(cohort)
    assert rows(cohort)["bob", "problem_1"]["outcome"] == "passed"


def test_what_could_not_be_judged_is_decided_by_a_person(cohort):
    put(cohort, {"learners/eve/1/problem_1.ipynb": "scribble"})
    graded(cohort)
    content = json.loads((cohort / "results/eve/problem_1.json").read_text())
    assert content["outcome"] == "unusable"
    marks = [mark["id"] for mark in content["criteria"]]
    for mark in marks:
        row = rows(cohort)["eve", "problem_1"]
        assert (row["outcome"], row["score"]) in {("unusable", ""), ("needs_review", "")}
        answer = content["key"]["answer"]
        decisions.add(cohort, Decision("eve", "problem_1", answer, mark, "passed"))
        graded(cohort)
    row = rows(cohort)["eve", "problem_1"]
    assert (row["outcome"], row["score"]) == ("passed", "8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('attempt = "any"', "attempt: Input should be 'last', 'first', 'in time' or 'best'"),
        ("colour = 3", "colour: Extra inputs are not permitted"),
        ('problems = ["problem_9"]', "there is no 'problem_9'"),
        ("seed = ", "class.toml: Invalid value"),
    ],
)
def test_a_mistake_in_the_settings_is_a_line(cohort, line, said):
    seed = "" if line.startswith("seed") else "seed = 1\n"
    put(cohort, {"class.toml": f"{seed}{line}\n"})
    done = workbench("grade", cohort)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr


def test_a_share_of_the_points_may_be_the_rule(cohort):
    put(cohort, {"class.toml": "seed = 1\npassing = 0.1\n"})
    graded(cohort)
    outcomes = {learner: row["outcome"] for (learner, _), row in rows(cohort).items()}
    assert outcomes["bob"] == "passed"
    assert outcomes["cy"] == "not_attempted"


def test_the_seed_is_drawn_once_and_kept(cohort):
    first = settings.settled(cohort)
    assert settings.settled(cohort) == first
    assert settings.settled(cohort, seed=7).seed == 7
    assert settings.settled(cohort).seed == 7


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_an_interrupt_keeps_what_was_judged(folder, tmp_path, sent, code):
    for number in range(12):
        put(folder, {f"slow{number}/problem_3.py": SLOW})
    command = [sys.executable, "-m", "workbench", "grade", folder, "--jobs", "2"]
    command += ["--out", tmp_path / "out"]
    grading = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    while not list(tmp_path.glob("out/*/problem_3.json")):
        assert grading.poll() is None
        time.sleep(0.1)
    grading.send_signal(sent)
    _, told = grading.communicate(timeout=60)
    assert (grading.returncode, told) == (
        code,
        f"workbench: stopped; what was judged until then is in {tmp_path / 'out'}\n",
    )
    kept = {(file.parent.name, file.stem) for file in tmp_path.glob("out/*/problem_*.json")}
    assert set(rows(tmp_path / "out")) == kept
    assert 1 <= len(kept) < 18


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [("ada", Path.touch, "File exists"), ("grades.csv", Path.mkdir, "Is a directory")],
)
def test_reports_that_cannot_be_written_are_one_line(folder, tmp_path, name, make, said):
    (tmp_path / "out").mkdir()
    make(tmp_path / "out" / name)
    done = workbench("grade", folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path / 'out' / name}: {said}; it is where the results go to" in done.stderr


def test_a_file_in_the_place_of_the_reports_is_told_in_a_line(folder, tmp_path):
    (tmp_path / "out").touch()
    done = workbench("grade", folder, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "File exists; it is where" in done.stderr


def test_a_class_needs_no_out_and_a_plain_folder_does(cohort, folder):
    assert "leave --out away" in workbench("grade", cohort, "--out", "x").stderr
    assert "say --out FOLDER" in workbench("grade", folder).stderr
    assert "it is written as 1/4" in workbench("grade", cohort, "--shard", "2").stderr
    assert "the shards are 1 to 4" in workbench("grade", cohort, "--shard", "5/4").stderr


def test_where_nothing_confines_it_has_to_be_wanted(cohort, monkeypatch):
    from workbench.cli import cohort as commands

    class Bare:
        level = "limits"

    with pytest.raises(PipelineError, match="--unconfined judges anyway"):
        commands._confined(Bare, unconfined=False)
    commands._confined(Bare, unconfined=True)


def test_a_table_lists_standings_by_learner(cohort):
    graded(cohort)
    assert table.COLUMNS[0] == "learner"
    assert list(rows(cohort)) == sorted(rows(cohort))
    assert standings.NOT_HANDED_IN not in (cohort / "grades.csv").read_text()


def test_a_warm_process_is_lent_again_unless_a_judge_broke_with_it():
    with Keepers() as keepers:
        with keepers.lent("problem_3") as first, keepers.lent("problem_3") as other:
            assert first is not other
        with pytest.raises(ZeroDivisionError), keepers.lent("problem_3") as broken:
            raise ZeroDivisionError
        with keepers.lent("problem_3") as again:
            assert again is not broken
            assert again in (first, other)
        processes = [keeper.process for keeper in (first, other)]
    assert [process.poll() for process in processes] == [0, 0]
