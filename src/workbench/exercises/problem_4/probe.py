"""Runs the flow on a Prefect server of its own, as often as the judge asks for it, under observation.

The process of `observe` runs nothing of the learner's. It forks the server, then one process for each run of the flow
and one that loads what the run saved, and reads the server's records.
"""

import asyncio
import contextlib
import functools
import inspect
import json
import multiprocessing
import os
import socket
import tempfile
import time
import urllib.request
from importlib import import_module
from multiprocessing import forkserver

from workbench.exercises.problem_4.estimators import KINDS, Watch, classes
from workbench.sandbox.apart import apart
from workbench.sandbox.channel import Channel, load

PATIENCE, SETTLED = (
    4,
    0.4,
)  # seconds that records of a run may take, and without news after which all are there
OFF = ("SERVER_ANALYTICS_ENABLED", "TELEMETRY_ENABLE_RESOURCE_METRICS", "CLOUD_ENABLE_ORCHESTRATION_TELEMETRY",
       "LOGGING_TO_API_ENABLED", "SERVER_UI_ENABLED", "API_DATABASE_MIGRATE_ON_START",
       "API_BLOCKS_REGISTER_ON_START")  # fmt: skip
IDLE = ("CANCELLATION_CLEANUP", "EVENT_PERSISTER", "EVENT_LOGGER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS",
        "REPOSSESSOR", "CLEANUP_RECONCILER", "TRIGGERS", "SCHEDULER", "DB_VACUUM")  # fmt: skip
SETTINGS = {
    **{
        f"PREFECT_{name}": "false"
        for name in (*OFF, *(f"SERVER_SERVICES_{name}_ENABLED" for name in IDLE))
    },
    **{"PREFECT_LOGGING_LEVEL": "WARNING", "OMP_WAIT_POLICY": "PASSIVE", "LOKY_MAX_CPU_COUNT": "1"},
    **{"DO_NOT_TRACK": "1", "LOGNAME": "learner"},
}
NEEDED = ("prefect.events.worker", "prefect.flow_engine", "prefect.task_engine", "prefect.task_runners", "uvicorn",
          "pandas", "joblib", *(f"sklearn.{name}" for name in ("datasets", "model_selection", "pipeline")))  # fmt: skip
_warm: dict = {}


def warm_up() -> None:
    """Import Prefect and the estimators, and make the server's application, which takes longest."""
    os.environ.update(SETTINGS)
    with tempfile.TemporaryDirectory() as home:
        os.environ["PREFECT_HOME"] = home
        for name in NEEDED:
            import_module(name)
        _warm["app"] = import_module("prefect.server.api.server").create_app()
    list(classes())


def observe(source: str, given: dict, channel: Channel) -> None:
    """Run the flow with what the judge answers to `next`, until it has no more."""
    home, known = os.path.abspath(".prefect"), set()
    os.makedirs(home, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        api = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        database = {"PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home}/prefect.db",
                    "PREFECT_SERVER_MEMO_STORE_PATH": f"{home}/memo_store.toml"}  # fmt: skip
        os.environ.update(SETTINGS, PREFECT_HOME=home, PREFECT_API_URL=api, **database)
        import_module("prefect.context").refresh_global_settings_context()
        if os.fork() == 0:
            _serve(listening, home)
    while run := channel.ask(next=True).get("run"):
        channel.stage(run["stage"])
        ran = apart(
            _flow_run, source, run["parameters"], hear=lambda asked: _passed_on(asked, channel)
        )
        if ran.get("ended"):
            raise SystemExit
        if path := channel.ask(ran=ran, records=_records(api, known)).get("load"):
            channel.ask(saved=apart(_load, source, path))


def _passed_on(asked: dict, channel: Channel) -> dict:
    """What the judge answers to a training or a prediction; the learner's process can speak of nothing else."""
    mine = {"next", "ran", "records", "saved"}
    return {} if mine & set(asked) else channel.ask(**asked)


def _serve(listening: socket.socket, home: str) -> None:
    with contextlib.suppress(BaseException):
        import sqlalchemy
        import uvicorn
        from prefect.server.database.orm_models import Base

        for table in (
            Base.metadata.tables.values()
        ):  # some indexes are declared twice; migrations make them once
            table.indexes = set({index.name: index for index in table.indexes}.values())
        Base.metadata.create_all(sqlalchemy.create_engine(f"sqlite:///{home}/prefect.db"))
        uvicorn.Server(uvicorn.Config(_warm["app"], log_level="warning")).run(sockets=[listening])
    os._exit(1)


def _flow_run(source: str, parameters: dict, channel: Channel) -> dict:
    import prefect
    from prefect.events.worker import EventsWorker

    Watch(channel)
    module = load(source)
    flow = getattr(module, "multi_model_training_pipeline", None)
    if not isinstance(flow, prefect.Flow):
        return {"flow": False}
    for each in vars(module).values():
        if isinstance(each, prefect.Task):
            each.retry_delay_seconds = 0
    _fork_from_here()
    try:
        result = flow(**parameters)
        result = asyncio.run(result) if inspect.iscoroutine(result) else result
        ran = {"flow": True, "returned": _plain(result)}
    except Exception as error:
        ran = {"flow": True, "raised": _texts(error)[:2000]}
    EventsWorker.drain_all(timeout=5)
    return ran


def _fork_from_here() -> None:
    """Let processes that are spawned later be forks of this one as it is now: observed too, and without an import."""
    address, (alive, hold), usual = (
        f"{tempfile.mkdtemp()}/forks",
        os.pipe(),
        multiprocessing.get_context,
    )
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):  # it leaves by SystemExit
            os.close(hold)
            forkserver.main(listening.fileno(), alive, [])
        os._exit(0)
    server = forkserver._forkserver
    server._forkserver_address, server._forkserver_alive_fd, server._forkserver_pid = (
        address,
        hold,
        child,
    )
    multiprocessing.get_context = lambda method=None: usual(method and "forkserver")


def _plain(result) -> dict:
    pick = result.get if hasattr(result, "get") else functools.partial(getattr, result)
    named = {name: pick(name, None) for name in ("model_type", "accuracy", "path")}
    with contextlib.suppress(TypeError, ValueError):
        named["accuracy"] = float(named["accuracy"])
    return {
        name: value if isinstance(value, float | None) else str(value)
        for name, value in named.items()
    }


def _texts(error: BaseException | None, depth: int = 5) -> str:
    """An error and those it comes from, or consists of."""
    if error is None or not depth:
        return ""
    inner = [*getattr(error, "exceptions", ()), error.__cause__ or error.__context__]
    return " | ".join(
        [
            f"{type(error).__name__}: {error}",
            *filter(None, (_texts(each, depth - 1) for each in inner)),
        ]
    )


def _records(api: str, known: set) -> dict:
    """The states of the flow runs that are new, and their task runs, once all of them have ended."""

    def post(kind: str, **body) -> list[dict]:
        request = urllib.request.Request(f"{api}/{kind}/filter", json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    began = since = time.monotonic()
    found: dict = {}
    while True:
        flows = [each for each in post("flow_runs") if each["id"] not in known]
        tasks = (
            post("task_runs", flow_runs={"id": {"any_": [each["id"] for each in flows]}})
            if flows
            else []
        )
        before, found = found, {
            "flows": [each["state_type"] for each in flows if not each["parent_task_run_id"]],
            "tasks": {each["id"]: {"state": each["state_type"], "start": each["start_time"], "end": each["end_time"],
                      "message": str((each["state"] or {}).get("message"))[:500]} for each in tasks}}  # fmt: skip
        now = time.monotonic()
        since = since if found == before else now
        ended = all(each["end_time"] for each in (*flows, *tasks))
        if (ended and now - since > SETTLED) or now - began > PATIENCE:
            known |= {each["id"] for each in flows}
            return found
        time.sleep(0.15)


def _load(source: str, path: str) -> dict:
    """What was saved, loaded where nothing else has been done; xgboost and lightgbm have formats of their own, too."""
    import joblib
    import lightgbm
    import xgboost

    try:
        try:
            found = joblib.load(path)
        except (ModuleNotFoundError, AttributeError):  # a class of the answer's own
            load(source)
            found = joblib.load(path)
        model = _estimator(found)
        fit = getattr(model, "_judged", {}).get("fit")
        return {
            "kind": _kind(model),
            "fit": fit,
            "fitted": _fitted(model),
            "type": type(found).__name__,
        }
    except Exception:
        for kind, native in (("xgboost", xgboost.Booster), ("lightgbm", lightgbm.Booster)):
            with contextlib.suppress(Exception):
                native(model_file=path)
                return {"kind": kind, "fitted": True}
        raise


def _fitted(model) -> bool:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    with contextlib.suppress(NotFittedError, TypeError):  # TypeError: not an estimator at all
        check_is_fitted(model)
        return True
    return False


def _estimator(found, depth: int = 4):
    """The observed estimator in what was saved: itself, or inside a pipeline, dictionary, list or object."""
    if _kind(found) or not depth:
        return found
    parts = getattr(found, "steps", None) or getattr(found, "__dict__", None) or found
    parts = (
        parts.values()
        if isinstance(parts, dict)
        else parts
        if isinstance(parts, list | tuple)
        else ()
    )
    return next(
        (each for each in (_estimator(part, depth - 1) for part in parts) if _kind(each)), found
    )


def _kind(model) -> str | None:
    return next(
        (kind for kind, kind_class in classes() if kind in KINDS and isinstance(model, kind_class)),
        None,
    )
