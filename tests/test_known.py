"""What cannot be kept from an answer, as the README says; each row holds until it is mended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from reproduced import FILES
from sandboxed import IN_THE_CALL, PROBE, tried

from workbench import workspace
from workbench.course import magic
from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.registry import find
from workbench.sandbox.client import Keeper

HERE = Path(__file__).parent
ROOT = HERE.parent


def test_an_answer_can_claim_what_its_probe_would_say():
    source = IN_THE_CALL + "sys._getframe(1).f_locals['channel'].tell(returned='in full')"
    with Keeper(preload=(PROBE,)) as keeper:
        assert tried(keeper, source).first("returned") == "in full"


def test_what_waits_in_sockets_is_no_memory_of_a_process():
    source = IN_THE_CALL + (
        "held, kept = 0, []\n"
        "    while len(kept) < 200:\n"
        "        kept += socket.socketpair()\n"
        "        for line in kept[-2:]:\n"
        "            line.setblocking(False)\n"
        "            try:\n"
        "                while True: held += line.send(bytes(1 << 16))\n"
        "            except BlockingIOError: pass\n"
        "    print(held > 5 << 20)"
    )
    with Keeper(preload=(PROBE,)) as keeper:
        seen = tried(keeper, source)
    assert (seen.stopped, seen.output) == (None, "True\n")


def test_what_the_kernel_remembers_of_mappings_is_no_memory_of_a_process():
    source = IN_THE_CALL + (
        "import mmap\n"
        "    def held():\n"
        "        return int(open('/proc/self/statm').read().split()[1]) * 4096\n"
        "    before, kept = held(), [mmap.mmap(-1, 4096, flags=2, prot=1 + n % 2)\n"
        "        for n in range(20_000)]\n"
        "    maps = open('/proc/self/maps').read().count('\\n')\n"
        "    print(maps > 10_000, held() - before < 64 << 20)"
    )
    with Keeper(preload=(PROBE,)) as keeper:
        seen = tried(keeper, source)
    assert (seen.stopped, seen.output) == (None, "True True\n")


CROWDED = """
import threading
from sandboxed import *
from workbench.sandbox.client import Keeper
ASKS = (
    "frame = sys._getframe()\\n    while 'channel' not in frame.f_locals:\\n"
    "        frame = frame.f_back\\n    ask = frame.f_locals['channel'].ask\\n    "
)
FILLS = IN_THE_CALL + ASKS + (
    "try:\\n        while os.fork(): pass\\n        time.sleep(3600)\\n"
    "    except BlockingIOError: ask(full=True)"
)
FORKS = IN_THE_CALL + ASKS + (
    "ask(begun=True)\\n    try: os.fork() or os._exit(0)\\n"
    "    except BlockingIOError: print('no process is left')"
)
full, over = threading.Event(), threading.Event()


def step(job, serve):
    job.write("data/input.csv", b"a\\n1\\n")
    return job.step("doubles", {"calls": [PAIR]}, serve)


def filled(_):
    full.set()
    over.wait(60)
    return {}


with Keeper(preload=(PROBE,)) as one, Keeper(preload=(PROBE,)) as other:
    with one.job(PROBE, FORKS, AMPLE) as job, other.job(PROBE, FILLS, AMPLE) as beside:
        thread = threading.Thread(target=step, args=(beside, filled))

        def begun(_):
            thread.start()
            full.wait(60)
            return {}

        print(step(job, begun).output)
        over.set()
        thread.join()
"""


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
def test_answers_of_one_account_have_its_processes_in_common_where_namespaces_are_refused():
    told = {}
    for level in ("user-nons", "root-nons"):
        command = [sys.executable, HERE / "lowered.py", level, sys.executable, "-c", CROWDED]
        environment = os.environ | {"PYTHONPATH": str(HERE), "TMPDIR": "/tmp", "HOME": "/tmp"}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env=environment
        )
        told[level] = done.stdout.strip() if done.returncode == 0 else done.stderr
    assert told == {"user-nons": "no process is left", "root-nons": ""}


USES = """
import sys
from dataclasses import replace
from sandboxed import *
from workbench.sandbox.client import Keeper
with Keeper(preload=(PROBE,)) as keeper:
    limits = replace(AMPLE, network=len(sys.argv) > 2)
    seen = tried(keeper, IN_THE_CALL + sys.argv[1], limits)
print(seen.error["type"] if seen.error else seen.output.strip())
"""
MANAGES = (
    "import multiprocessing\n"
    "    with multiprocessing.Manager() as manager: print(manager.list([1, 2])[1])"
)
ANOTHER = "import subprocess\n    subprocess.run([sys.executable, '-Ic', 'print(2)'], check=True)"


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
@pytest.mark.parametrize(
    ("level", "code", "options", "told"),
    [
        ("root", MANAGES, [], {"2"}),
        ("root-nons", MANAGES, [], {"OSError", "EOFError"}),
        ("user-nons", MANAGES, [], {"OSError", "EOFError"}),
        ("user-nons", MANAGES, ["network"], {"2"}),
        ("root-home", ANOTHER, [], {"2"}),
        ("root-nons-home", ANOTHER, [], {"PermissionError", "FileNotFoundError"}),
    ],
)
def test_what_needs_sockets_or_a_second_python_may_lack_them_without_namespaces(
    level, code, options, told
):
    command = [sys.executable, HERE / "lowered.py", level, sys.executable, "-c", USES, code]
    environment = os.environ | {"PYTHONPATH": str(HERE), "TMPDIR": "/tmp", "HOME": "/tmp"}
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, cwd="/", env=environment
    )
    assert done.stdout.strip() in told, done.stdout + done.stderr


FORGERY = """
from dataclasses import replace
from workbench.exercises import check
from workbench.exercises.answers import Answer
honest = check.judge
check.judge = lambda *arguments: replace(honest(*arguments), outcome="passed")
"""


def test_a_notebook_can_replace_its_own_judge_but_not_that_of_the_class(monkeypatch, tmp_path):
    monkeypatch.setattr(check, "judge", check.judge)  # put back at the end
    displayed = []
    monkeypatch.setattr(magic, "display", displayed.append)
    workspace.start(seed=1)
    shell = InteractiveShell.instance()
    shell.run_cell(FORGERY)
    magic.AnswerMagics(shell).answer("problem_1", "A DAG is directed.")
    assert [report.outcome for report in displayed] == ["passed"]
    (tmp_path / "a.md").write_text("A DAG is directed.")
    command = [sys.executable, "-m", "workbench", "check", "problem_1", tmp_path / "a.md"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_what_observes_a_retry_can_be_told_another_time():
    """An answer that knows the probe moves its clock, and never waits."""
    report = check.judge(
        "problem_5", Answer(code=FILES["48_problem_5_moves_the_clock"].read_text()), 7
    )
    assert report.outcome == "passed"


PARROT = (
    "Nodes are tasks and edges are dependencies, each pointing from one task to the next. "
    "There are no cycles. The scheduler derives the order from the edges. "
    "Independent tasks run in parallel. After a failure only the failed task is rerun. "
)
IDEMPOTENT = (
    "Running an idempotent step again leaves the same result as running it once, "
    "so a failed task can be retried safely without duplicated rows. "
)


@pytest.mark.parametrize(("problem", "said"), [("problem_1", PARROT), ("problem_3", IDEMPOTENT)])
def test_who_says_the_right_words_need_not_understand_them(problem, said):
    """Words are read, and what the last ones mean is beyond the judge."""
    answer = Answer(prose=f"{said}Polly wants a cracker, and has not the faintest what she says.")
    criteria = {one.id: one.outcome for one in check.judge(problem, answer, seed=1).criteria}
    asked = [one.id for one in find(problem).criteria if one.subjects or one.id == "sound"]
    left_out = {"reproducible_or_scalable"}  # of which the parrot says nothing
    assert {criteria[name] for name in asked if name not in left_out} == {"passed"}


IN_CHUNKS = """
import os
import pandas as pd

def process_data(input_file, output_file):
    with open(output_file + ".part", "w") as part:
        for chunk in pd.read_csv(input_file, chunksize=10_000):
            (chunk * 2).to_csv(part, index=False)
    os.replace(output_file + ".part", output_file)
"""


def test_what_goes_wrong_at_the_ten_thousandth_row_is_not_seen(tmp_path):
    report = check.judge("problem_3", Answer(code=IN_CHUNKS), seed=1, words=False)
    assert {one.outcome for one in report.criteria if one.id != "explained"} == {"passed"}
    defined, (given, made) = {}, (tmp_path / "in.csv", tmp_path / "out.csv")
    exec(IN_CHUNKS, defined)
    given.write_text("price\n" + "1\n" * 10_001)
    defined["process_data"](str(given), str(made))
    assert made.read_text().count("price") == 2


TRAINS = """
import joblib
from lightgbm import LGBMClassifier
from prefect import flow, task
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

KINDS = {
    "random_forest": RandomForestClassifier,
    "xgboost": XGBClassifier,
    "lightgbm": LGBMClassifier,
}


@task
def train(kind, X, y):
    return KINDS[kind](n_estimators=15).fit(X, y)


@flow
def multi_model_training_pipeline(model_types=None, test_size=0.2):
    names = model_types or list(KINDS)
    for name in names:
        KINDS[name]
    X_train, y_train, X_test, y_test = rows()
    futures = [train.submit(name, X_train, y_train) for name in names]
    models = {name: future.result() for name, future in zip(names, futures)}
    accuracies = {name: float(model.score(X_test, y_test)) for name, model in models.items()}
    best = max(accuracies, key=accuracies.get)
    joblib.dump(models[best], "best.joblib")
    return {"model_type": best, "accuracy": accuracies[best], "path": "best.joblib"}


def rows():
    X, y = load_breast_cancer(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    return X[::2], y[::2], X[1::2], y[1::2]
"""


@pytest.mark.slow
def test_which_rows_a_scaler_has_seen_and_how_many_are_held_out_is_not_judged():
    report = check.judge("problem_4", Answer(code=TRAINS), 7)
    assert report.outcome == "passed", report


OPEN = [
    line.split("|") for line in (ROOT / "README.md").read_text().split("\n") if line[:2] == "| "
]


def test_each_row_of_what_stays_open_names_tests_that_are_there():
    rows = [cells for cells in OPEN if "`tests/test_" in cells[-2]]
    assert len(rows) == 37
    assert sum(cells[1].strip() in ("where", "everywhere") for cells in rows) == 4
    for *_, shown, _ in rows:
        for name in shown.replace("`", "").split(", "):
            assert (ROOT / name.strip()).is_file()
