"""A task that is run twice, two at a time, and killed before each write: what the trials see, and
what they say."""

import fcntl
import os
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from workbench import PipelineError, prove

NEW = "a,1\nb,2\n"
GIVEN = {"report.csv": "a,0\n"}


def append(text):
    with open("report.csv", "a") as report:
        report.write(text)


def overwrite(text):
    with open("report.csv", "w") as report:
        report.write(text)


def remove_then_write(text):
    os.remove("report.csv") if os.path.exists("report.csv") else None
    Path("report.csv").write_text(text)


def replace(text, name="report.part"):
    Path(name).write_text(text)
    os.replace(name, "report.csv")


def replace_from_a_random_name(text):
    replace(text, tempfile.mktemp(dir=".", suffix=".part"))


def replace_in_turn(text):
    folder = os.open(".", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    replace(text)


def write_to_memory(text):
    import mmap

    with open("report.csv", "r+b") as report, mmap.mmap(report.fileno(), 0) as content:
        content[:4] = text[:4].encode()


def trials(proof):
    return {trial.name: trial for trial in proof.trials}


@pytest.mark.parametrize(
    ("task", "bad"),
    [
        (
            append,
            {
                "twice": "report.csv: 5 lines, not 3 lines",
                "two at once": "report.csv: 5 lines, not 3 lines",
            },
        ),
        (overwrite, {"killed": "report.csv: 0 lines, not 2 lines"}),
        (
            remove_then_write,
            {"killed": "report.csv is gone", "two at once": "raised FileNotFoundError"},
        ),
        (replace, {"two at once": "as once; raised FileNotFoundError"}),
        (replace_from_a_random_name, {"killed": "as before; *.part is left over"}),
        (replace_in_turn, {}),
        (write_to_memory, {}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_a_task_leaves_is_told(task, bad):
    proof = prove(task, NEW, given=GIVEN)
    found = [
        (trial.name.split(",")[0], set(trial.left.split("; ")))
        for trial in proof.trials
        if not trial.good
    ]
    for name, told in bad.items():
        assert any(set(told.split("; ")) <= left for trial, left in found if trial == name), (
            f"{name}: {found}"
        )
    assert {name for name, _ in found} >= set(bad)
    assert proof.good == (not bad)
    assert proof.kills


def upsert(path):
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO sales VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET value = excluded.value"
        )


def test_a_database_is_read_row_by_row_after_a_crash_as_after_a_run(tmp_path):
    with sqlite3.connect(tmp_path / "sales.db") as connection:
        connection.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY, value REAL)")
    proof = prove(upsert, "sales.db", given={"sales.db": (tmp_path / "sales.db").read_bytes()})
    assert proof.good, proof
    assert proof.kills > 5
    assert trials(proof)["once"].left == "sales.db (1 row)"


def test_a_proof_can_be_read_as_text_and_as_a_table():
    proof = prove(append, "<b>\n")
    assert repr(proof).splitlines()[0] == "append: 4 of 6 outcomes are bad"
    assert "✗ twice" in repr(proof)
    page = proof._repr_mimebundle_()["text/html"]
    assert "<caption>append: 4 of 6 outcomes are bad</caption>" in page
    assert "<th scope='row'>✗ twice<td>report.csv: 2 lines, not 1 line<td>" in page


def test_a_task_that_changes_nothing_is_good():
    proof = prove(len, "abc")
    assert proof.good
    assert trials(proof)["once"].left == "nothing"


def without_end(folder):
    for number in range(1000):
        Path(folder, str(number)).touch()


@pytest.mark.parametrize(
    ("task", "argument", "message"),
    [
        (int, "x", "'int' raised ValueError when it ran once; prove what works once"),
        (sys.exit, 3, "'exit' raised SystemExit when it ran once; prove what works once"),
        (without_end, ".", "'without_end' writes more than 200 times; try it on less data"),
        (
            len,
            (each for each in ()),
            "is tried in a process of its own and cannot be sent there: TypeError: cannot pickle",
        ),
    ],
)
def test_what_cannot_be_proven_is_refused_in_one_line(task, argument, message):
    with pytest.raises(PipelineError, match=message) as refusal:
        prove(task, argument)
    assert "\n" not in str(refusal.value)


def elsewhere(change):
    """What a proof of `append` says in a process where something is different from here."""
    code = """
        import os, time
        from workbench.sandbox import writes
        from workbench.trial import trials, watched
        def append():
            open("report.csv", "a").write("a\\n")
        {change}
        print(trials.prove_here(append, (), {{}}))
    """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code).format(change=change)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_ordinary_user_can_do_it_too():
    drop = "os.setgroups([]); os.setresgid(*[65534] * 3); os.setresuid(*[65534] * 3)"
    said = elsewhere(drop if os.getuid() == 0 else "pass").stdout
    assert said.startswith("append: 4 of 6 outcomes are bad\n")


def test_where_the_kernel_cannot_stop_a_write_the_other_trials_are_made_and_a_line_says_so():
    said = elsewhere("writes.WRITING.clear()").stdout.splitlines()
    assert (
        said[0] == "append: 2 of 3 outcomes are bad (not killed: this kernel cannot stop a write)"
    )
    assert [line.split("  ")[1] for line in said[2:]] == ["✓ once", "✗ twice", "✗ two at once"]


def test_a_task_that_never_ends_is_ended():
    error = elsewhere("watched.LIMIT = 0.5; append = lambda: time.sleep(1000)").stderr
    assert error.splitlines()[-1].endswith("ran for 0 s; try it on less data")
