"""Loads a DAG file and runs it once, with Airflow's own decisions and its own task runner.

The process of `observe` runs nothing of the learner's. Like Airflow's supervisor it starts one
process that loads the file and hands over the serialized DAG, then one for each attempt of a task,
and notes in a database in memory how they end; Airflow's DagRun decides from that what runs next.
Registering and deciding are the engine's; only an attempt differs, which has no API to talk to.
What a task prints goes to a file of this process, what loading the file prints, and the processes
that it leaves running, elsewhere. A process in which something of Airflow was replaced while the
file was loaded is not believed.
"""

import linecache
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

from workbench.engines.airflow import SPEC
from workbench.engines.airflow.internals import alone, dags, plugins, retrying, runs
from workbench.engines.airflow.lone import recorded
from workbench.engines.registry import lost
from workbench.exercises.problem_2.printed import Printed, unheard, without_echoes
from workbench.sandbox.apart import apart
from workbench.sandbox.channel import Channel, text_of, type_of
from workbench.sandbox.notebook import python_of
from workbench.sandbox.seal import Seal

HIDDEN = True  # what it says is not for an answer to say
ATTEMPTS = 4  # of one task; no answer needs more
AGAIN = 0.2  # seconds after which a sensor asks again, whatever its DAG says
A_WHILE = 600  # seconds between two readings of the file, at most
MOST_ERROR = 20_000  # characters of what an error says
BELIEVED = (SPEC.name, "workbench", "structlog", "json", "socket", "os", "builtins", "sys")
_AGAIN = ("up_for_retry", "up_for_reschedule")
# Not the engine's settings: here Airflow logs what a task's command prints.
_SETTINGS = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH": "50",  # as deep as the answer's line
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite://",
    "AIRFLOW_CONN_FS_DEFAULT": '{"conn_type": "fs"}',
    "LOGNAME": "learner",
    # As where Airflow is installed: what a command calls python is the Python that runs it.
    "PATH": f"{os.path.dirname(sys.executable)}:/usr/bin:/bin",
}
_warm: dict[str, Seal] = {}  # filled once, in the process that all those of answers are forked from


def warm_up() -> None:
    """Import Airflow, without a home that outlives this call, before anything is forked.

    Raise RuntimeError when something of its inside is gone: the answers then cannot be judged, and
    nothing is held against them.
    """
    os.environ.update(_SETTINGS)
    sys.modules.update(dict.fromkeys(SPEC.left_out))
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIRFLOW_HOME"] = home
        if trouble := lost(SPEC):
            raise RuntimeError(trouble)
        dags.import_tables()
        plugins.register(Path(home, "plugins"))  # later an answer could have put some there
        for name in ("python", "bash", "empty"):
            import_module(f"airflow.providers.standard.operators.{name}")
    without_echoes()
    _warm["seal"] = Seal(*BELIEVED)


def observe(source: str, given: dict, channel: Channel) -> None:
    """Tell Airflow's serialization of the answer's DAGs, then run the one that is judged."""
    os.environ.update(_SETTINGS, AIRFLOW_HOME=os.getcwd())
    path = os.path.abspath("answer.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(code := python_of(source))
    _unquoted(path, code, given["words"])
    told = apart(_loaded, path)
    due = [_comes_due(data) for data in told.get("dags") or ()]
    shown = ("dags", "chosen", "never", "names", "error", "line", "replaced", "ended")
    channel.tell(**{name: told.get(name) for name in shown}, due=due)
    if told.get("dags"):
        channel.stage("runs")
        by_id = {data["dag"]["dag_id"]: data for data in told["dags"]}
        dag_id = given["dag"] if given["dag"] in by_id else next(iter(by_id))
        state, start = _run(dag_id, by_id[dag_id], path, given["last"], channel)
        channel.tell(run=state, overtaken=_overtaken(by_id[dag_id], start))


def _unquoted(path: str, code: str, words: list[str]) -> None:
    """Let what repeats lines of the file, as tracebacks do, not say the words: nobody printed."""
    for one in words:
        code = code.replace(one, one.replace(" ", "\xa0"))
    lines = [f"{line}\n" for line in code.split("\n")]
    linecache.cache[path] = (len(code), None, lines, path)


def _loaded(path: str) -> dict[str, Any]:
    """In a process of its own: what the file defines, as Airflow serializes it."""
    replaced = _warm["seal"].watch()
    with _noting_errors(path) as errors:
        bag = dags.bag_of(path)
    if bag.import_errors:
        error = errors[0] if errors else next(iter(bag.import_errors.values()))
        return {"error": _said(error)[:MOST_ERROR], "line": _line(error, path)}
    chosen, never = (
        {
            dag.dag_id: [task.task_id for task in dag.tasks if holds(task)]
            for dag in bag.dags.values()
        }
        for holds in (retrying.has_chosen_delay, retrying.is_forbidden)
    )
    serialized = [dags.serialized(dag) for dag in bag.dags.values()]
    if name := replaced():
        return {"replaced": name}
    names = [dag.dag_id for dag in bag.in_order]
    return {"dags": serialized, "chosen": chosen, "never": never, "names": names}


@contextmanager
def _noting_errors(path: str) -> Iterator[list[BaseException]]:
    """What a file raises while it is loaded: Airflow tells it as a text alone, in which what the
    error says is not told from what stands around it."""
    load, errors = SourceFileLoader.exec_module, []

    def noted(loader: SourceFileLoader, module: Any) -> None:
        try:
            load(loader, module)
        except BaseException as error:
            errors.extend([error] if loader.path == path else [])
            raise

    SourceFileLoader.exec_module = noted
    try:
        yield errors
    finally:
        SourceFileLoader.exec_module = load


def _said(error: BaseException | str) -> str:
    """As the last part of a traceback has it."""
    return error if isinstance(error, str) else "".join(traceback.format_exception_only(error))


def _line(error: BaseException | str, path: str) -> int | None:
    """The last line of the file that led to an error."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno
    steps = traceback.extract_tb(getattr(error, "__traceback__", None))
    return next((step.lineno for step in reversed(steps) if step.filename == path), None)


def _overtaken(data: dict[str, Any], start: object) -> bool:
    """Whether no run is ever due since a later reading of the file gave a later start, a stamp."""
    first = dags.scheduled(data).start_date
    moves = isinstance(start, float) and first and 0 < start - first.timestamp() < A_WHILE
    return bool(moves) and not _comes_due(data, moving=True)


def _comes_due(data: dict[str, Any], **moving: bool) -> bool:
    """Whether a serialized DAG ever runs by itself; a time that never comes is an error to some."""
    try:
        return dags.comes_due(dags.scheduled(data), **moving)
    except Exception:
        return False


def _run(
    dag_id: str, data: dict[str, Any], path: str, last: str, channel: Channel
) -> tuple[str, object]:
    """Let Airflow run the DAG once, one task instance at a time; give the run's state, and when the
    DAG starts as the last task read it.

    Of those that may start, the task `last` is kept for the end: what need not wait for it, by
    arrows and trigger rules, comes before it.
    """
    dags.make_tables()
    start, variables = None, {}
    with dags.opened() as session:
        scheduled = dags.scheduled(data)
        dags.register(data, scheduled, session)
        run = runs.StoredRun.create(scheduled, {}, session)
        row = run.row(session)
        interval = (row.data_interval_start, row.data_interval_end)
        session.commit()
        while ready := run.settle(session):
            instance = min(ready, key=lambda one: one.task_id == last)
            _, xcoms, _ = recorded(run, session)
            channel.tell(trying=instance.task_id)
            address = (path, dag_id, run.run_id, instance.task_id, instance.map_index)
            states = {(one.task_id, one.map_index): one.state for one in run.instances(session)}
            states[instance.task_id, instance.map_index] = "running"
            told, output = _tried(address, interval, xcoms, variables, states)
            shown, start = {name: told.get(name) for name in ("state", "error")}, told.get("start")
            channel.tell(task=instance.task_id, output=output, **shown)
            _write_down(session, run, instance, told)
            session.commit()
        return str(run.row(session).state), start


def _tried(
    address: tuple, interval: tuple, xcoms: dict, variables: dict, states: dict
) -> tuple[dict[str, Any], str]:
    """What the last attempt of a task instance says of itself, and what it has printed; variables
    become what they are after it."""
    for number in range(1, ATTEMPTS + 1):
        with Printed() as printed:
            known = (interval, xcoms, variables, states)
            told = apart(_attempt, *address, number, *known)
        if isinstance(kept := told.get("variables"), dict):
            variables.clear()
            variables.update(kept)
        if told.get("state") not in _AGAIN:
            break
    return told, printed.text


def _write_down(session: Any, run: runs.StoredRun, instance: Any, told: dict[str, Any]) -> None:
    """Note in the database how a task instance ended, what it hands on and, by that, how often a
    task that is mapped over it runs, and what it made Airflow skip."""
    run.put_xcoms(session, instance.task_id, instance.map_index, told.get("pushed") or {})
    state = told.get("state")
    for row in run.instances(session):
        if row.id == instance.id:
            row.state = state if state in ("success", "skipped") else "failed"
        elif row.task_id in told.get("skip", ()):
            row.state = "skipped"


def _hurry(task: Any) -> None:
    """Let a sensor wait no longer than for what it waits for, and itself: here are no later tries
    and no triggerer."""
    hurried = {"poke_interval": AGAIN, "exponential_backoff": False, "mode": "poke"}
    for name, value in {**hurried, "deferrable": False}.items():
        if hasattr(task, "poke_interval" if name in hurried else name):
            setattr(task, name, value)


def _attempt(
    path: str,
    dag_id: str,
    run_id: str,
    task_id: str,
    map_index: int,
    number: int,
    interval: tuple,
    xcoms: dict[str, Any],
    variables: dict[str, Any],
    states: dict[tuple[str, int], str | None],
) -> dict[str, Any]:
    """In a process of its own: load the file anew, and do what a worker of Airflow does."""
    replaced = _warm["seal"].watch()
    with unheard():
        dag = dags.bag_of(path).dags[dag_id]
    task = dag.task_dict[task_id]
    _hurry(task)
    if name := replaced():
        return {"state": "failed", "error": f"{name} was replaced"}
    supervisor = alone.LoneSupervisor(xcoms, variables, states)
    state, error = alone.run_alone(task, run_id, map_index, number, supervisor, None, interval)
    sys.stdout.flush()
    return {
        "state": state,
        "start": dag.start_date and dag.start_date.timestamp(),
        "pushed": supervisor.pushed,
        "skip": supervisor.skipped,
        "variables": supervisor.variables,
        "error": f"{type_of(error)}: {text_of(error)}" if error else None,
    }
