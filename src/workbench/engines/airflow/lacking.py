"""Why a task cannot run here, told before anything runs: what it needs is not installed, is a
cluster's, or is given by nobody."""

import ast
import importlib
import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Collection, Iterator
from types import CodeType, FunctionType
from typing import Any

from workbench.engines.airflow.absent import insisted_on, provided_for
from workbench.engines.airflow.internals import dags, secrets
from workbench.engines.airflow.placeholders import PREFIX, installed, lack_of
from workbench.engines.airflow.templates import wanted
from workbench.engines.airflow.waits import Coming, in_vain

# What of a pod bears on where it runs, and on nothing that a task sees
_ELSEWHERE = ("affinity", "tolerations", "node_selector", "nodeSelector", "priority_class_name")
_BASE = ("name", "resources")


def lack(task: Any, dag: Any, given: Collection[str]) -> str:
    """Why a task cannot run here with these run parameters; empty where it can."""
    kind, arguments = task.operator_class if task.is_mapped else type(task), _arguments(task)
    here = _of_pod(task.executor_config or {})
    function = arguments.get("python_callable")
    code = lack_of(kind) or _of_function(function, kind) or _of_methods(kind)
    if code or here:
        way = "install it, or give" if code else "give"
        return f"{code or here}; {way} Run a stand_in for the task"
    return _of_templates(task, dag, arguments, given)


# What a function uses


def _of_function(function: Any, kind: type) -> str:
    function = inspect.unwrap(function) if callable(function) else None
    names = [base.__name__ for base in kind.__mro__]
    elsewhere = any("Virtualenv" in name or "ExternalPython" in name for name in names)
    if elsewhere or not isinstance(function, FunctionType):
        return ""
    return next(filter(None, _lacks_in(function, set())), "")


def _lacks_in(function: FunctionType, seen: set[FunctionType]) -> Iterator[str]:
    """Of what it takes from its file, and of what it imports itself."""
    seen.add(function)
    for name in _names_in(function.__code__):
        value = function.__globals__.get(name)
        yield lack_of(value) if value is not None else ""
        own = isinstance(value, FunctionType) and value.__module__ == function.__module__
        if own and value not in seen:
            yield from _lacks_in(value, seen)
    yield from _late(function)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _late(function: FunctionType) -> Iterator[str]:
    """Modules that it imports when it runs, unless it says itself where they are."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return
    if "sys" in function.__code__.co_names:
        return
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            line = node.lineno
            of_airflow = function.__module__.startswith("airflow.")
            needed = insisted_on(tree, line) if of_airflow else not provided_for(tree, line)
            if needed and (missing := _missing(name)):
                yield f"{missing} is not installed here"


def _missing(name: str) -> str:
    """What is lacking to import a module; of a provider that is installed a package it needs."""
    if not name.startswith(PREFIX):
        package = name.partition(".")[0]
        there = package in sys.modules or importlib.util.find_spec(package)
        return "" if there else name
    if not installed(name):
        return name
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        return error.name or name
    except ImportError:
        pass  # for the task to tell
    return ""


def _of_methods(kind: type) -> str:
    """Of what an operator does: one of the file's author as a function, one of a provider by what
    it says itself that it cannot do without."""
    todo, seen = ["execute", "poke"], set()
    while todo:
        name = todo.pop()
        method = inspect.getattr_static(kind, name, None)
        method = getattr(method, "fget", None) or getattr(method, "func", None) or method
        method = inspect.unwrap(method) if callable(method) else None
        if name in seen or not isinstance(method, FunctionType) or _is_base(method):
            continue
        seen.add(name)
        todo += _names_in(method.__code__)
        lacks = (
            _late(method) if method.__module__.startswith("airflow.") else _lacks_in(method, set())
        )
        if lack := next(filter(None, lacks), ""):
            return lack
    return ""


def _is_base(method: FunctionType) -> bool:
    return method.__module__.startswith(("airflow.sdk.", "airflow.models."))


# What a cluster would give


def _of_pod(config: dict[str, Any]) -> str:
    """An executor that starts pods obeys this; a task that runs here would not find it."""
    pod = config.get("pod_override") or {"spec": config.get("KubernetesExecutor")}
    if told := lack_of(pod):
        return told
    pod = pod if isinstance(pod, dict) else pod.to_dict()
    given = _of_spec(pod.get("spec") or {})
    if "pod_template_file" in config:
        given.append("a template")
    words = "its executor_config gives its pod {}, which only Kubernetes does"
    return words.format(", ".join(given)) if given else ""


def _of_spec(spec: dict[str, Any]) -> list[str]:
    given = [key for key, value in spec.items() if value and key not in _ELSEWHERE]
    for container in spec.get("containers") or []:
        own = [key for key, value in container.items() if value and key not in _BASE]
        base = container.get("name") == "base"
        given += own if base else [f"a container {container.get('name')!r}"]
    return [key for key in dict.fromkeys(given) if key != "containers"]


# What nobody gives


def _of_templates(task: Any, dag: Any, arguments: dict[str, Any], given: Collection[str]) -> str:
    declared = {*given, *dag.params, *(task.params or {})}
    for place, name in wanted(task, dag, arguments):
        known = {"params": declared, "dag_run.conf": given}.get(place)
        if known is not None and name not in known:
            return (
                f"its template asks for {place}.{name}, which nothing gives; give a run parameter"
            )
    return ""


def lack_in_session(task: Any, dag: Any, session: Any, coming: Coming) -> str:
    """Why a task cannot run in this session, for want of a connection, of another DAG's runs, or
    of hours."""
    arguments = _arguments(task)
    for place, name in wanted(task, dag, arguments):
        if place == "inlet_events" and not dags.has_event(name, session):
            told = " ".join(name.values())
            return (
                f"its template takes an event of {told}, of which there is none; run what gives one"
            )
        if place == "conn" and not secrets.has_connection(name):
            return _undefined("connection", name)
        if place == "var" and not task.upstream_task_ids and not secrets.has_variable(name):
            return _undefined("variable", name)  # behind another task, that might have set it
    if why := in_vain(task, arguments, coming, session):
        return why
    kind = task.operator_class if task.is_mapped else type(task)
    usual = inspect.signature(kind).parameters
    for key, value in arguments.items():
        named = key.endswith("conn_id") and key in usual and value != usual[key].default
        if (
            named
            and isinstance(value, str)
            and "{" not in value
            and not secrets.has_connection(value)
        ):
            return _undefined("connection", value)
    return ""


def _undefined(kind: str, name: str) -> str:
    way = f"AIRFLOW_{'CONN' if kind == 'connection' else 'VAR'}_{name.upper()}=…"
    told = f"its {kind} {name!r} isn't defined; give it by the environment, {way}"
    return f"{told}, or give Run a stand_in for the task"


def _arguments(task: Any) -> dict[str, Any]:
    return {**vars(task), **getattr(task, "partial_kwargs", {})}
