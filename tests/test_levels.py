"""Attacks on the judge and the machine, where it grants more and less; honest answers beside them.

What is open at a level is a row of the README's table; it is shown to be open, too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from attacks import ANSWERS, RIGHT, TRIED
from lowered import LEVELS, USER
from reproduced import FILES

HERE = Path(__file__).parent
ENTERED = {  # level → what is told of it
    "root": ("full", True, True),
    "user": ("full", True, False),
    "user-nolock": ("partial", True, False),
    "root-nons": ("partial", False, True),
    "user-nons": ("partial", False, False),
    "user-nons-nolock": ("limits", False, False),
    "docker-nons": ("partial", False, True),
    "rootless": ("full", True, True),
}
WITHOUT_NAMESPACES = {
    *("more disk than is granted", "a server, where a network is granted"),
    *("memory that outlives", "the names of other processes"),
    *("the name of the machine", "its name that a library may have kept"),
    "the users of the machine",
    *("which servers there are", "the ports of the machine"),
    "much that nobody reads, where a network is granted",
}
OPEN = {  # level → what is open there: the README says so
    **dict.fromkeys(("root-nons", "docker-nons"), WITHOUT_NAMESPACES),
    "user-nons": {*WITHOUT_NAMESPACES, "how large a file is"},
    "user-nons-nolock": {
        *WITHOUT_NAMESPACES,
        *("a read of a file", "a change of a file", "a new file", "a listing", "a removal"),
        *("a move", "a second name", "a way up from the working folder", "a file of everybody's"),
        *("a new terminal", "a signal to the parent", "how large a file is"),
        "memory that is shared by a device",
    },
}

UNFILTERED = {  # what a kernel of today grants that has no filter of calls; an older one less
    *("namespaces", "namespaces for a child", "namespaces by the newer call"),
    *("a virtual machine's host", "a line to another answer", "a list of others' sockets"),
    *("a socket that lingers", "a larger socket", "a larger pipe", "memory that waits in a pipe"),
    *("pages of a file in a pipe", "shared memory that outlives", "a file that is nowhere"),
    *(
        "memory that is shared without a file",
        "memory that is filled at once",
        "a key for the next",
    ),
    *("memory that is filled at once, later", "large pages, later", "rules of its own"),
    *("a filter of its own", "watches, of which an account has few", "news of files", "a lease"),
    *("notices of a folder", "a list of who may read a file", "flags of a file that may be read"),
    *("the urgency of all that is of one user", "orders of the older kind", "the list of mounts"),
    *("opening by a description", "calls of a smaller machine", "descriptors that processes share"),
    "memory of the parent's",  # of which none is asked for
}
SURELY = {
    "namespaces for a child",
    "a lease",
    "a larger pipe",
    "memory that is shared without a file",
}


@cache
def tried(level):
    """What came of every attack at a level; tried once."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    if "user" in level:
        os.chown(folder, USER, USER)
    environment = {
        **os.environ,
        **{"TMPDIR": str(folder), "HOME": str(folder), "WORKBENCH_HOME": f"{folder}/home"},
    }
    command = [sys.executable, HERE / "lowered.py", level, sys.executable, HERE / "attacks.py"]
    try:
        done = subprocess.run(
            [*command, "answers"],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    finally:
        shutil.rmtree(folder)


def cases(table):
    """Each row at each level: in one of them what is quick, in two what is slow."""
    marks = {"root": (), "user": pytest.mark.slow, "root-nons": pytest.mark.slow}
    return [
        pytest.param(level, name, marks=marks.get(level, pytest.mark.long), id=f"{level}: {name}")
        for level in LEVELS
        for name in table
    ]


pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")


@pytest.mark.parametrize(("level", "name"), cases(["what it is told to be"]))
def test_a_level_is_told_and_nothing_is_left(level, name):
    seen = tried(level)
    layers = seen["layers"]
    assert (layers["level"], layers["namespaces"], layers["own_user"]) == ENTERED[level], name
    assert seen["left"] == []


@pytest.mark.parametrize(("level", "name"), cases(TRIED))
def test_an_attack_comes_to_nothing(level, name):
    output, stopped, _, intact = tried(level)["tried"][name]
    is_open = name in OPEN.get(level, ())
    assert stopped is None
    assert ("REACHED" in output) == is_open
    assert intact or is_open


@pytest.mark.parametrize(("level", "name"), cases(ANSWERS))
def test_an_answer_has_what_it_earns(level, name):
    outcome, feedback, intact = tried(level)["answers"][name]
    assert outcome == ANSWERS[name][1], feedback
    assert "precious" not in feedback
    assert "filled" not in feedback
    assert intact


@pytest.mark.slow
def test_without_a_filter_of_calls_the_other_layers_hold_and_points_stay():
    seen = tried("root-nofilter")
    reached = {name for name, (output, *_) in seen["tried"].items() if "REACHED" in output}
    assert SURELY <= reached <= UNFILTERED
    assert all(intact for *_, intact in seen["tried"].values())
    assert seen["left"] == []
    for name, (outcome, feedback, intact) in seen["answers"].items():
        assert (outcome, intact) == (ANSWERS[name][1], True), feedback
    assert "cannot show the single steps" in seen["answers"]["nothing"][1]


@pytest.mark.slow
@pytest.mark.parametrize("level", ["user", "user-nons", "user-nons-nolock"])
def test_the_command_line_warns_and_grades_only_where_answers_are_confined(level):
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    (folder / "class" / "anna").mkdir(parents=True)
    (folder / "class" / "anna" / "problem_1.md").write_text("A DAG is directed.")
    subprocess.run(["chown", "-R", str(USER), folder], check=True)
    command = [sys.executable, HERE / "lowered.py", level, sys.executable, "-m", "workbench"]
    environment = {**os.environ, "TMPDIR": str(folder), "HOME": str(folder)}

    def done(*arguments):
        return subprocess.run(
            [*command, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    checked = done("check", "problem_1", folder / "class/anna/problem_1.md", "--json")
    assert json.loads(checked.stdout)["confinement"]["level"] == ENTERED[level][0]
    assert ("warning: here an answer could" in checked.stderr) == ("nons" in level)
    graded = [
        done("grade", folder / "class", "--out", folder / "out", *more)
        for more in ((), ("--unconfined",))
    ]
    codes = [run.returncode for run in graded]
    assert codes == ([2, 0] if level == "user-nons-nolock" else [0, 0]), graded
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "learners",
    [pytest.param(40, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.long)],
)
def test_honest_answers_among_hostile_ones_have_full_marks_twice_the_same(tmp_path, learners):
    hostile = [f"VICTIM = {str(tmp_path)!r}\n{text}" for text, _ in ANSWERS.values()]
    hostile += [FILES[name].read_text() for name in ("02_hang", "38_surrogate_in_an_error")]
    for number in range(learners):
        folder = tmp_path / "class" / f"{'honest' if number % 2 else 'hostile'}{number}"
        folder.mkdir(parents=True)
        text = RIGHT if number % 2 else hostile[number // 2 % len(hostile)]
        (folder / "problem_3.py").write_text(text)
    outs = [tmp_path / "first", tmp_path / "second"]
    for out in outs:
        command = ["grade", tmp_path / "class", "--out", out, "--seed", "5", "--jobs", "2"]
        subprocess.run([sys.executable, "-m", "workbench", *command], check=True)
    first, second = (sorted(out.glob("**/problem_3.json")) for out in outs)
    assert len(first) == learners
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    for path in first:
        if path.parent.name.startswith("honest"):
            marks = json.loads(path.read_text())["criteria"]
            code = [mark["outcome"] for mark in marks if mark["id"] != "explained"]
            assert set(code) == {"passed"}, path


WITHOUT_END = """
import sys
sys.path.insert(0, sys.argv[1])
from sandboxed import AMPLE, IN_THE_CALL, PAIR, PROBE
from workbench.sandbox.client import Keeper
endless = IN_THE_CALL + "n = 0" + sys.argv[2]
with Keeper(preload=(PROBE,)) as keeper, keeper.job(PROBE, endless, AMPLE) as job:
    job.write("data/input.csv", b"a\\n")
    print(job.step("doubles", {"calls": [PAIR]}).stopped)
"""
MAKING = {
    "folders": "\n    while True: os.mkdir(str(n)); n += 1",
    "folders in folders": "\n    while True: os.mkdir('d'); os.chdir('d')",
}


@pytest.mark.slow
@pytest.mark.parametrize("level", ["root-nons", "user-nons"])
@pytest.mark.parametrize("what", MAKING)
def test_who_makes_folders_without_end_is_ended(level, what):
    command = [sys.executable, HERE / "lowered.py", level, sys.executable, "-c", WITHOUT_END]
    done = subprocess.run(
        [*command, HERE, MAKING[what]],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=os.environ | {"TMPDIR": "/tmp", "HOME": "/tmp"},
    )
    assert done.stdout.strip() == "output", done.stderr
