"""Runs the flow under observation on a Prefect server of its own, as often as the judge asks.

The process of `observe` runs nothing of the learner's. It forks the server, then one process for
each run of the flow and one that loads what the run saved, and reads the server's records.
"""

import asyncio
import contextlib
import functools
import gc
import inspect
import json
import os
import re
import secrets
import shutil
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Collection
from datetime import datetime
from http.client import HTTPException
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.engines.members import missing
from workbench.engines.prefect import SPEC, serving
from workbench.engines.prefect import internals as prefect_internals
from workbench.exercises.problem_4 import internals
from workbench.exercises.problem_4.estimators import Watch
from workbench.exercises.problem_4.returned import LONGEST, absolute, described, plain, said
from workbench.exercises.problem_4.saved import saved
from workbench.exercises.problem_4.witness import Witness, authorization, known
from workbench.sandbox.apart import apart
from workbench.sandbox.channel import Channel, line_of, load
from workbench.sandbox.seal import Seal
from workbench.wording import listed

FLOW = "multi_model_training_pipeline"
PATIENCE = 4  # seconds that records of a run may take, or longer while there is news
LONGEST_WAIT = 15  # seconds that they may take in all
SETTLED = 0.4  # seconds without news after which all are there
PAUSE = 0.2  # seconds between two looks
OFF = (
    *("LOGGING_TO_API", "SERVER_UI", "SERVER_SERVICES_EVENT_LOGGER", "SERVER_SERVICES_SCHEDULER"),
    "SERVER_SERVICES_DB_VACUUM",
)
SETTINGS = {
    **SPEC.settings,
    **{f"PREFECT_{name}_ENABLED": "false" for name in OFF},
    # The database that is copied has what these would bring.
    "PREFECT_API_DATABASE_MIGRATE_ON_START": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "OMP_WAIT_POLICY": "PASSIVE",
    "LOKY_MAX_CPU_COUNT": "1",
    "PREFECT_TASKS_RUNNER_PROCESS_POOL_MAX_WORKERS": "4",  # on any machine, however few its cores
    "PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "true",  # or each process reads every certificate
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "LOGNAME": "learner",
}
NEEDED = (  # by the flow's process, and slow to import
    *("prefect.events.worker", "prefect.flow_engine", "prefect.task_engine"),
    *("prefect.task_runners", "uvicorn", "pandas", "joblib"),
    *("sklearn.datasets", "sklearn.model_selection", "sklearn.pipeline"),
    *("sklearn.datasets.data", "sklearn.datasets.descr", "joblib.numpy_pickle", "cloudpickle"),
    *("prefect.utilities.visualization", "anyio._backends._asyncio", "encodings.idna"),
)
SERVED_BY = (  # the same for the server's
    *("aiosqlite", "uvicorn.lifespan.on", "uvicorn.loops.uvloop", "uvloop", "httptools"),
    *("uvicorn.protocols.http.httptools_impl", "burner_redis", "docket.tasks", "websockets.server"),
    *("uvicorn.protocols.websockets.websockets_sansio_impl",),
    *("prefect.server.database.query_components", "prefect.server.events.services.actions"),
)
BELIEVED = (
    *("workbench", "socket", "json", "sklearn.base", "sklearn.ensemble", "sklearn.pipeline"),
    *("sklearn.metrics", "xgboost.sklearn", "lightgbm.sklearn"),
    *("prefect.flows", "prefect.tasks", "prefect.flow_engine", "prefect.task_engine"),
    *("prefect.futures", "prefect.states", "prefect.context", "prefect.task_runners"),
    *("prefect.client.orchestration", "prefect.events", "multiprocessing.process"),
    *("concurrent.futures.thread", "concurrent.futures.process", "multiprocessing.pool"),
)
FORKING = re.compile("rocess|Parallel|n_jobs|loky|dask|spawn|fork")  # in a source: it may
HIDDEN = True  # it, and its server: what they say is not for an answer to say
CORES = 4  # that the machine seems to have: who asks for as many workers has enough of them
_warm: dict[str, Any] = {}  # filled once, in the process that all those of answers are forked from


def warm_up() -> None:
    """Import Prefect and the estimators, and make the server's application, which takes longest.

    Ends this process, saying why, when a member of an inside is gone: answers would be misjudged.
    """
    os.environ.update(SETTINGS)
    with tempfile.TemporaryDirectory() as home:
        os.environ["PREFECT_HOME"] = home
        for name in (*NEEDED, *SERVED_BY):
            with contextlib.suppress(ModuleNotFoundError):  # it costs its time later, then
                import_module(name)
        if troubles := missing((*internals.MEMBERS, *prefect_internals.SERVER_MEMBERS)):
            sys.exit("; ".join(troubles))
        _warm["application"] = prefect_internals.application()
        _warm["database"] = serving.empty_database(serving.template())
    import_module("sqlalchemy.orm").configure_mappers()
    internals.complete_models()
    internals.pass_over_plain_values()
    split = sys.modules["sklearn.model_selection"].train_test_split
    split([[0.0], [1.0]])  # looks for plugins, which takes a tenth of a second, and remembers
    _never_wait()
    for name in {"cpu_count", "process_cpu_count"} & vars(os).keys():
        setattr(os, name, lambda: CORES)
    os.sched_getaffinity = lambda pid: {*range(CORES)}
    internals.let_joblib_count(CORES)
    joblib = sys.modules["joblib"]  # its own processes would be fresh ones, and tell nothing
    joblib.register_parallel_backend("loky", joblib.parallel.ThreadingBackend)
    _warm["watch"] = Watch()
    _warm["seal"] = Seal(*BELIEVED)


def _never_wait() -> None:
    """Let nothing wait before it is tried again, wherever an answer makes its tasks and flows."""
    import prefect

    for made in (prefect.Task, prefect.Flow):
        made.retry_delay_seconds = property(lambda self: 0, lambda self, delay: None)


def observe(source: str, given: dict, channel: Channel) -> None:
    """Run the flow with what the judge answers to `next`, until it has no more."""
    home, witness = Path(".prefect").absolute(), Witness()
    api = _served(home, witness)
    while run := channel.ask(next=True).get("run"):
        channel.stage(run["stage"])
        hear = functools.partial(_passed_on, channel)
        ran = apart(_flow_run, source, run, home / "storage", hear=hear)
        if ran.get("ended"):
            raise SystemExit
        wanted = channel.ask(ran=ran, fault=witness.fault())
        if wanted.get("records"):
            try:
                trained = [*map(str, wanted.get("tasks", ()))]
                channel.ask(records=_records(api, _called(ran), trained))
            except (OSError, ValueError, HTTPException):
                if witness.fault():
                    raise
                channel.ask(records={"flows": [], "tasks": {}})  # somebody has ended the server
        if path := wanted.get("load"):
            channel.ask(saved=apart(saved, path, wanted.get("scored", ())))


def _served(home: Path, witness: Witness) -> str:
    """Fork the server and let Prefect's settings point to it; the API's address."""
    home.mkdir(exist_ok=True)
    secret = secrets.token_urlsafe(24)
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        api = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        os.environ.update(
            SETTINGS,
            PREFECT_HOME=str(home),
            PREFECT_API_URL=api,
            PREFECT_API_AUTH_STRING=secret,
            PREFECT_SERVER_API_AUTH_STRING=secret,  # what is no request asks for it, too
            PREFECT_API_DATABASE_CONNECTION_URL=f"sqlite+aiosqlite:///{home}/prefect.db",
            PREFECT_SERVER_MEMO_STORE_PATH=f"{home}/memo_store.toml",
        )
        prefect_internals.reread_settings()
        if os.fork() == 0:
            with contextlib.suppress(BaseException):
                gc.disable()  # it lives for seconds
                (home / "prefect.db").write_bytes(_warm["database"])
                application = witness.of(_warm["application"])
                serving.serve(known(application, secret), listening)
            os._exit(1)
    return api


def _passed_on(channel: Channel, asked: dict) -> dict:
    """What the judge answers to a training or a prediction; the learner's process can speak of
    nothing else."""
    ours = {"next", "ran", "fault", "records", "saved"}
    return {} if ours & set(asked) else channel.ask(**asked)


def _flow_run(source: str, run: dict, storage: Path, channel: Channel) -> dict:
    """How one run of the flow ended: {"flow": …, "called": seconds, "returned" or "raised": …}.

    What a cell trains while it is loaded, as it does when it tries its flow, is no part of it.
    """
    import prefect

    watch, replaced = _warm["watch"], _warm["seal"].watch()
    module = load(source)
    shutil.rmtree(storage, ignore_errors=True)  # no result is taken from a cache
    watch.listen(channel, compares=run["stage"] == "completes")
    flow = getattr(module, FLOW, None)
    if not isinstance(flow, prefect.Flow):
        flows = [name for name, value in vars(module).items() if isinstance(value, prefect.Flow)]
        return {
            "flow": False,
            "instead": type(flow).__name__[:LONGEST] if hasattr(module, FLOW) else None,
            "others": listed(flows)[:LONGEST],
        }
    if FORKING.search(source):
        internals.fork_from_here()
    called = time.time()
    try:
        with serving.unheard():
            result = flow(**run["parameters"])
            if inspect.iscoroutine(result):
                result = asyncio.run(result)
    except BaseException as error:
        ran = {"flow": True, "raised": said(error)[:2000], "line": line_of(error)}
    else:
        ran = {"flow": True, "returned": plain(result), "described": described(result)}
        ran["file"] = absolute(ran["returned"].get("path"))  # it may have gone elsewhere
    ran["called"] = called
    prefect_internals.drain_events()
    if name := replaced():
        return {"error": f"it puts something else in the place of {name}"}
    return ran


def _called(ran: dict) -> float:
    """When the flow was called, as its process says, in seconds."""
    called = ran.get("called")
    return called if isinstance(called, float) else 0.0


def _records(api: str, since: float, trained: Collection[str]) -> dict[str, Any]:
    """States of the flow runs that were made ``since`` a time, and their task runs, once all of
    them have ended. They arrive late, one by one, so no news is waited for, too.

    trained: ids of the task runs that trained models, of which a page of many may have none."""
    records, made = {}, since
    began = since = time.monotonic()
    while True:
        flows, tasks = _new_runs(api, made)
        lacking = sorted(set(trained) - {task["id"] for task in tasks})
        if lacking:
            one_by_one = _asked(f"{api}/task_runs/filter", task_runs={"id": {"any_": lacking}})
            tasks += [task for task in one_by_one if _made(task) >= made]
        latest = {
            "flows": [flow["state_type"] for flow in flows if not flow["parent_task_run_id"]],
            "tasks": {task["id"]: _summary(task) for task in tasks},
        }
        looked = time.monotonic()
        if latest != records:
            records, since = latest, looked
        ended = all(run["end_time"] for run in (*flows, *tasks))
        settled, waited = looked - since > SETTLED, looked - began
        complete = ended and set(trained).issubset(latest["tasks"])
        if (settled and (complete or waited > PATIENCE)) or waited > LONGEST_WAIT:
            no_flow = {"flow_run_id": {"is_null_": True}}  # called in a thread that knows none
            alone = _asked(f"{api}/task_runs/filter", task_runs=no_flow)
            records["tasks"] |= {
                task["id"]: _summary(task) for task in alone if _made(task) >= made
            }
            return records
        time.sleep(PAUSE)


def _new_runs(api: str, since: float) -> tuple[list[dict], list[dict]]:
    """The server's flow runs that were made ``since`` a time, and the task runs of these."""
    flows = [flow for flow in _asked(f"{api}/flow_runs/filter") if _made(flow) >= since]
    if not flows:
        return [], []
    wanted = {"id": {"any_": [flow["id"] for flow in flows]}}
    return flows, _asked(f"{api}/task_runs/filter", flow_runs=wanted)


def _made(run: dict) -> float:
    return datetime.fromisoformat(run["created"]).timestamp()


def _asked(address: str, **body: Any) -> list[dict]:
    request = urllib.request.Request(address, json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", authorization(os.environ["PREFECT_API_AUTH_STRING"]))
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _summary(task: dict) -> dict[str, Any]:
    return {
        "state": task["state_type"],
        "message": str((task["state"] or {}).get("message"))[:500],
        "end": task["end_time"] and datetime.fromisoformat(task["end_time"]).timestamp(),
    }
