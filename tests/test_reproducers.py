"""Each attack that ever worked, as it was, with the report it is to have, at every level.

`rows.py` has all that were tried, and the test of each; the files are in `answers/attacks`.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest
from lowered import LEVELS, USER
from reproduced import FILES
from rows import LEFT_OUT, ROWS

HERE = Path(__file__).parent
NOTHING, ALL = (), ("doubles", "idempotent", "replaces", "input_untouched", "no_litter")
ENDLESS = {"time"}
ENDED = {"exit"}
TOO_MUCH = {"memory", "time"}  # on a machine that is busy its time may be up first
CONTENT_WRONG = ("idempotent", "replaces", "input_untouched", "no_litter")
FORGED_5 = (
    *("retries_until_success", "gives_up", "selective", "logs_history", "transparent"),
    "independent_calls",
)
FORGED_4 = (
    *("completes", "trains_requested", "parallel", "tracked", "selects_best", "held_out"),
    "rejects_unknown",
)
# attack → why its job may have been stopped, the criteria it may earn
EXPECTED = {
    "01_hang": (ENDLESS, NOTHING),
    "02_hang": (None, (*ALL, "crash_safe")),
    "05_06_servers_by_their_files": (None, NOTHING),
    "07_mode_of_the_environment": (None, NOTHING),
    "09_mode_of_the_results": (None, NOTHING),
    "11_data_is_a_link_to_the_judges_folder": (None, NOTHING),
    # They are right but in the fifth call; what they do there costs the rest.
    "12_data_is_a_link_to_a_home": (None, ("idempotent", "replaces", "no_litter")),
    "13_data_is_a_file": (None, ("idempotent", "replaces", "no_litter")),
    "15_folder_of_mode_000": (None, (*ALL, "crash_safe")),
    "16_17_only_sleeps": (None, NOTHING),
    "20_keyrings": (None, NOTHING),
    "22_23_27_28_all_that_is_open": (None, NOTHING),
    "24_imports_late": (None, (*ALL, "crash_safe")),
    "25_daemon": (None, NOTHING),
    "26_forks_faster_than_it_is_listed": (None, NOTHING),
    "29_crash_safe_by_size": (None, CONTENT_WRONG),
    "33_replay": (None, CONTENT_WRONG),
    "34_full_width_digits": (None, (*CONTENT_WRONG, "crash_safe")),
    "35_output_of_64_mb": ({"output", "time"}, CONTENT_WRONG),
    "37_sparse_output": (None, CONTENT_WRONG),
    "38_surrogate_in_an_error": (None, NOTHING),
    "39_escapes_in_an_error": (None, NOTHING),
    "41_problem_2_forged_record": (None, NOTHING),
    "42_problem_4_stolen_descriptor": ({"time", "exit"}, NOTHING),
    "43_problem_4_malicious_pickle": (None, FORGED_4),
    "44_problem_4_number_too_large": (None, NOTHING),
    "45_problem_5_table_of_parameters": (None, FORGED_5),
    "48_problem_5_moves_the_clock": (None, (*FORGED_5, "backoff")),  # in the README's table
    "49_problem_5_forged_calls": (None, NOTHING),
    "52_memory_in_sum": (TOO_MUCH, NOTHING),
    "53_files": ({*ENDLESS, "output"}, NOTHING),
    "54_own_memory": (None, NOTHING),
    "55_56_expected_answers": (None, NOTHING),
    "57_traces_the_probe": (None, NOTHING),
    "58_functions_replaced": (None, NOTHING),
    "68_closes_every_descriptor": (ENDED, NOTHING),
    "69_a_pipe_over_its_line": (ENDED, NOTHING),
    "70_descriptors_by_the_thousand": (ENDED, NOTHING),
    "71_anything_as_its_protocol": (None, NOTHING),
    "72_questions_without_listening": ({"output"}, NOTHING),
    "73_children_that_hear_no_signal": (ENDLESS, NOTHING),
    "74_vfork": (ENDLESS, NOTHING),
    "76_names_of_what_is_left": (ENDLESS, (*CONTENT_WRONG[:3], "doubles", "crash_safe")),
    "77_names_of_any_bytes": (None, (*CONTENT_WRONG[:3], "doubles", "crash_safe")),
    "114_litter_beside_calls_that_raise": (
        None,
        ("doubles", "idempotent", "replaces", "input_untouched"),
    ),
    "115_forged_returns": (None, CONTENT_WRONG),
    "116_problem_5_logs_every_number": (
        None,
        (*(name for name in FORGED_5 if name != "logs_history"), "backoff"),
    ),
    "117_problem_5_logs_without_end": ({"output", "time"}, FORGED_5[:2]),
    "118_problem_4_takes_every_lock": (None, NOTHING),
    "130_problem_2_forged_types": (None, NOTHING),
    "136_leaves_when_it_has_begun": (None, NOTHING),
    "137_appends_where_nobody_looks": (None, NOTHING),
    "138_numbers_between_control_signs": (None, CONTENT_WRONG),
    "143_names_that_are_no_text": ({"exit", "memory", "time"}, NOTHING),
    "157_says_what_no_probe_says": (None, NOTHING),
    "158_problem_5_says_what_no_probe_says": (None, NOTHING),
    "174_writes_by_memory": (None, ALL),
    "175_a_marker_for_work": (None, (*(name for name in ALL if name != "replaces"), "crash_safe")),
    "176_problem_5_retries_what_nobody_listed": (
        None,
        (*(name for name in FORGED_5 if name != "selective"), "backoff"),
    ),
    "177_problem_5_shares_what_really_waits": (
        None,
        (*(name for name in FORGED_5 if name != "independent_calls"), "backoff"),
    ),
    "178_problem_5_waits_beyond_any_clock": (None, ("transparent",)),
    "179_touches_a_file": (None, (*ALL, "crash_safe")),
}
RIGHT = {"02_hang", "15_folder_of_mode_000", "24_imports_late", "48_problem_5_moves_the_clock"}
RIGHT |= {"174_writes_by_memory", "179_touches_a_file"}  # the former but for the stretch
# What is open at a level, as the README's table says.
SEEN = {"the processes", "the parent's command", "memory for the next"}
OPEN = {
    "root-nons": {"22_23_27_28_all_that_is_open": SEEN},
    "docker-nons": {"22_23_27_28_all_that_is_open": SEEN},
    "user-nons": {"22_23_27_28_all_that_is_open": SEEN},
    "user-nons-nolock": {
        "22_23_27_28_all_that_is_open": {
            *(*SEEN, "a signal", "the temporary folder", "a home", "a file in a home"),
            *("the tests", "the judge"),
        },
        "55_56_expected_answers": {"workbench.exercises.problem_3.judge"},
    },
}
SAMPLE = (
    *("02_hang", "05_06_servers_by_their_files", "07_mode_of_the_environment"),
    *("11_data_is_a_link_to_the_judges_folder", "12_data_is_a_link_to_a_home"),
    *("16_17_only_sleeps", "20_keyrings", "22_23_27_28_all_that_is_open", "24_imports_late"),
    *("33_replay", "38_surrogate_in_an_error", "45_problem_5_table_of_parameters"),
)
SAMPLED = ("root", "user", "root-nons")
SECONDS = {"problem_4": 120, "problem_5": 10, "problem_2": 120}  # what is granted; 30 otherwise
NEIGHBOUR = 54_322  # another user of the machine

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")

# The neighbour does the learner's work in the judge's own folder, and plants links in it.
BESIDE = """
import glob, os, sys, time
os.setgroups([]); os.setresgid(USER, USER, USER); os.setresuid(USER, USER, USER)
while os.getppid() == int(sys.argv[1]):
    for way in ("workbench-*/data", "workbench-*/job/data", "workbench-*/job", "workbench-*"):
        for folder in glob.glob(f"{sys.argv[2]}/{way}"):
            for name, act in (
                ("input.csv", lambda path: os.symlink(f"{sys.argv[2]}/outside/victim/file", path)),
                ("output.csv", lambda path: open(path, "w").write("a")),
            ):
                try:
                    act(f"{folder}/{name}")
                    print("REACHED", folder, flush=True)
                except OSError: pass
    time.sleep(0.001)
""".replace("USER", str(NEIGHBOUR))


@cache
def judged(level, names):
    """What came of attacks at a level, with another user at work beside them; judged once."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    if "user" in level:
        os.chown(folder, USER, USER)
    own = {"TMPDIR": str(folder), "HOME": str(folder), "WORKBENCH_HOME": f"{folder}/home"}
    own["WORKBENCH_TEMPLATES"] = f"{folder}/templates"  # those of this run may be root's alone
    command = [HERE / "lowered.py", level, sys.executable, HERE / "reproduced.py", folder, *names]
    beside = subprocess.Popen(
        [sys.executable, "-c", BESIDE, str(os.getpid()), folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        text=True,
    )
    try:
        done = subprocess.run(
            [sys.executable, *command],
            env=os.environ | own,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        beside.kill()
        reached = beside.communicate()[0]
        shutil.rmtree(folder)
        for left in Path("/dev/shm").glob("left-by-*"):  # where everybody's is what a job has
            left.unlink()
    told = json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr}
    return told | {"reached": reached}


def cases():
    return [
        pytest.param(
            level,
            name,
            marks=pytest.mark.slow if name in SAMPLE and level in SAMPLED else pytest.mark.long,
            id=f"{level}: {name}",
        )
        for level in LEVELS
        for name in EXPECTED
    ]


def of(level, name):
    sampled = name in SAMPLE and level in SAMPLED
    return judged(level, SAMPLE if sampled else tuple(n for n in EXPECTED))


@pytest.mark.parametrize(("level", "name"), cases())
def test_an_attack_has_the_report_it_is_to_have(level, name):
    seen = of(level, name)
    assert "failed" not in seen, seen["failed"]
    report = seen["told"][name]
    stopped, earned = EXPECTED[name]
    assert report["stopped"] is None or report["stopped"] in (stopped or ())
    passed = {mark["id"] for mark in report["criteria"] if mark["outcome"] == "passed"}
    assert passed == set(earned) if name in RIGHT else passed <= set(earned)
    assert report["outcome"] == ("passed" if name in RIGHT else "failed")
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    reached = OPEN.get(level, {}).get(name, set())
    shown = report["text"]
    assert all(repr(what) in shown or f'"{what}"' in shown for what in reached), shown
    if not reached:
        assert not any(word in shown for word in ("REACHED", "hunter2", "precious", "workbench.e"))
        assert report["intact"]
    if name.startswith("22") and not reached:
        assert "RuntimeError: []" in shown
    granted = next((s for p, s in SECONDS.items() if p in name), 30)
    assert report["took"] < granted + 20  # far from never, on however busy a machine


@pytest.mark.parametrize(
    "level",
    [
        pytest.param(level, marks=pytest.mark.slow if level in SAMPLED else pytest.mark.long)
        for level in LEVELS
    ],
)
def test_attacks_leave_nothing(level):
    seen = judged(level, SAMPLE)
    assert seen["reached"] == ""  # by another user, in the folder of a job
    assert seen["left"] == (["left-by-answer"] if level.startswith("user-nons") else [])


@pytest.mark.slow
def test_one_that_hangs_costs_a_class_nothing_but_itself(tmp_path):
    for learner, problem, text in (
        ("anna", "problem_1.md", "A DAG is directed."),
        ("eve", "problem_3.py", FILES["01_hang"].read_text()),
        ("zoe", "problem_3.py", FILES["02_hang"].read_text()),
    ):
        (tmp_path / "c" / learner).mkdir(parents=True)
        (tmp_path / "c" / learner / problem).write_text(text)
    began = time.monotonic()
    command = ["-m", "workbench", "grade", tmp_path / "c", "--out", tmp_path / "o", "--jobs", "1"]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    assert time.monotonic() - began < 120
    stopped = {
        path.parent.name: json.loads(path.read_text())["stopped"]
        for path in (tmp_path / "o").glob("*/problem_*.json")
    }
    assert stopped == {"anna": None, "eve": "time", "zoe": None}


def functions(file):
    nodes = ast.walk(ast.parse((HERE / file).read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def words(file):
    nodes = ast.walk(ast.parse((HERE / file).read_text()))
    return {node.value for node in nodes if isinstance(node, ast.Constant)}


def test_every_row_of_the_table_has_a_test():
    told = words("attacks.py") | words("attempts.py")
    assert sorted([*ROWS, *LEFT_OUT]) == list(range(1, max(ROWS) + 1))
    for number, tests in ROWS.items():
        assert tests, number
        for test in tests:
            file, _, called = test.partition("::")
            if not called:  # a file of `answers/attacks`
                assert test in EXPECTED or (HERE / "answers/attacks" / f"{test}.txt").exists(), test
                assert str(number) in (part.lstrip("0") for part in test.split("_")), test
                continue
            name, _, case = called.removesuffix("]").partition("[")
            assert name in functions(file), test
            assert not case or case in told | words(file), test


def test_every_attack_that_is_kept_is_judged():
    assert set(FILES) == set(EXPECTED)
