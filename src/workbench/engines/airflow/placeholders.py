"""What stands for the things of modules that are not installed: they may be named, made, given to
tasks and subclassed; what they do is lacking."""

import importlib.metadata
import inspect
import sys
from collections.abc import Collection
from functools import cache, partial
from types import ModuleType
from typing import Any, NoReturn

PREFIX = "airflow.providers."
_GROUPS = ("apache", "atlassian", "cncf", "common", "dbt", "microsoft")  # of several providers each
_DECORATORS = {  # of tasks → the provider that brings it; Airflow knows those it has installed
    "docker": "docker",
    "kubernetes": "cncf.kubernetes",
    "kubernetes_cmd": "cncf.kubernetes",
    "pyspark": "apache.spark",
    "snowpark": "snowflake",
    "sftp_sensor": "sftp",
    "agent": "common.ai",
    "llm": "common.ai",
    "llm_branch": "common.ai",
    "llm_file_analysis": "common.ai",
    "llm_schema_compare": "common.ai",
    "llm_sql": "common.ai",
}

_USES = ("__call__", "__enter__", "__exit__", "__iter__", "__getitem__", "__rrshift__")


def provider_of(module: str) -> str:
    """The distribution that a module below ``airflow.providers`` belongs to; of all others the
    outermost package that is not there."""
    if not module.startswith(PREFIX):
        outer = sys.modules.get(module.rpartition(".")[0])
        return outer.provider if isinstance(outer, LentModule) else module
    first, _, rest = module.removeprefix(PREFIX).partition(".")
    name = f"{first}-{rest.partition('.')[0]}" if first in _GROUPS and rest else first
    return f"apache-airflow-providers-{name}"


def installed(name: str) -> bool:
    """Whether the distribution or package of a module is there: what it has not is a mistake."""
    if not name.startswith(PREFIX):
        package = sys.modules.get(name.rpartition(".")[0])
        return bool(getattr(package, "__file__", None)) and not isinstance(package, LentModule)
    try:
        importlib.metadata.version(provider_of(name))
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def lack_of(value: Any) -> str:
    """Why a value that a module has lent is of no use here; empty for all others."""
    kind = value if isinstance(value, type | LentModule) else type(value)
    if isinstance(kind, type) and all(base.__module__ != __name__ for base in kind.__mro__):
        return ""
    name = kind.__name__.rpartition(".")[2] if isinstance(kind, LentModule) else kind.__name__
    if name == kind.provider:
        return f"{name} is not installed here"
    return f"{name} is of {kind.provider}, which is not installed here"


class LentModule(ModuleType):
    """A module that is not installed: it has whatever it is asked for. What is called in lower
    case may be a module in it, or a function, and is both."""

    def __init__(self, name: str, keywords: Collection[str]) -> None:
        super().__init__(name)
        self._keywords, self.provider = keywords, provider_of(name)

    def __getattr__(self, name: str) -> Any:
        if not name[0].isupper():
            raise _refusal(self, name)
        ends = _MAKERS if self.__name__.startswith(PREFIX) else ("Operator", "Sensor")
        make = next((_MAKERS[end] for end in ends if name.endswith(end)), _thing)
        made = make(name, self.provider, self._keywords)
        setattr(self, name, made)
        return made

    def __call__(self, *_: Any, **__: Any) -> Any:
        return _thing(self.__name__.rpartition(".")[2], self.provider)()

    def __reduce__(self) -> tuple[Any, ...]:
        return LentModule, (self.__name__, self._keywords)


def _operator(name: str, provider: str, keywords: Collection[str], base: Any = None) -> type:
    """An operator that takes what the file gives it. Its own arguments are templated, as most of
    those of providers are, and so lead to the tasks whose outputs they are."""
    from airflow.sdk import BaseOperator

    base = base or BaseOperator
    makers = [kind.__init__ for kind in base.__mro__ if issubclass(kind, BaseOperator)]
    common = {name for make in makers for name in inspect.signature(make).parameters}

    def __init__(self: Any, **given: Any) -> None:
        own = {key: value for key, value in given.items() if key not in common}
        if function := given.get("python_callable"):
            given["op_kwargs"] = _whole(function, given.get("op_args"), given.get("op_kwargs"))
        super(kind, self).__init__(**{key: given[key] for key in given if key in common})
        own = {key: value for key, value in own.items() if not hasattr(type(self), key)}
        for key, value in own.items():
            setattr(self, key, value)
        self.template_fields = (*base.template_fields, *own)

    def execute(self: Any, context: Any) -> NoReturn:
        raise ModuleNotFoundError(lack_of(type(self)))

    def __getattr__(self: Any, asked: str) -> NoReturn:
        raise _refusal(type(self), asked)

    parameters = [
        inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=None)
        for key in sorted({*keywords} - common)
    ]
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    rest = inspect.Parameter("given", inspect.Parameter.VAR_KEYWORD)
    __init__.__signature__ = inspect.Signature([own, *parameters, rest])
    body = {"__init__": __init__, "execute": execute, "__getattr__": __getattr__}
    body["provider"] = provider
    kind = _refusing(type(base))(name, (base,), {**body, "__module__": __name__})
    return kind


def _whole(function: Any, given: Any, named: Any) -> dict[str, Any]:
    """What a decorated function is given by name, with what its provider gives it besides."""
    signature, named = inspect.signature(function), dict(named or {})
    bound = signature.bind_partial(*(given or ()), **named).arguments
    lacking = (one for one in signature.parameters.values() if one.name not in bound)
    usual = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    empty = inspect.Parameter.empty
    return named | {e.name: None for e in lacking if e.default is empty and e.kind in usual}


@cache
def _refusing(base: type) -> type:
    """The type of what has only a name, its classes and members of an enumeration; whatever else
    is asked of it says so."""

    def __getattr__(cls: Any, name: str) -> Any:
        if not name[0].isupper():
            raise _refusal(cls, name)
        made = _thing(name, cls.provider)
        return made() if name.isupper() else made

    return type("_Refusing", (base,), {"__getattr__": __getattr__})


def _refusal(kind: Any, name: str) -> AttributeError:
    return AttributeError(name if name.startswith("_") else lack_of(kind))


def _thing(name: str, provider: str, _: Collection[str] = ()) -> type:
    """A hook, a secret, a notifier, an enumeration: it may be made, given to an operator, and
    subclassed; what it does is lacking."""

    def __init__(self: Any, *_: Any, **__: Any) -> None:
        """Its arguments are of no use."""

    def __getattr__(self: Any, asked: str) -> NoReturn:
        raise _refusal(type(self), asked)

    def __call__(self: Any, *_: Any, **__: Any) -> NoReturn:
        raise _refusal(type(self), name)

    own = {"__init__": __init__, "__getattr__": __getattr__, **dict.fromkeys(_USES, __call__)}
    return _refusing(type)(name, (), {**own, "provider": provider, "__module__": __name__})


def _group(name: str, provider: str, _: Collection[str]) -> type:
    """A task group, without what its provider puts into it."""
    from airflow.sdk import TaskGroup

    known = inspect.signature(TaskGroup).parameters

    def __init__(self: Any, *ids: str, **given: Any) -> None:
        given |= {"group_id": ids[0]} if ids else {}
        TaskGroup.__init__(self, **{key: given[key] for key in given if key in known})

    return type(name, (TaskGroup,), {"__init__": __init__, "provider": provider})


def _trigger(name: str, provider: str, _: Collection[str]) -> type:
    """What an asset's watcher is given, which nothing here waits for."""
    from airflow.triggers.base import BaseEventTrigger

    def __init__(self: Any, *_: Any, **__: Any) -> None:
        BaseEventTrigger.__init__(self)

    def serialize(self: Any) -> tuple[str, dict[str, Any]]:
        return f"{provider}.{name}", {}

    def run(self: Any) -> NoReturn:
        raise ModuleNotFoundError(lack_of(type(self)))

    body = {"__init__": __init__, "serialize": serialize, "run": run, "provider": provider}
    return type(BaseEventTrigger)(name, (BaseEventTrigger,), {**body, "__module__": __name__})


_MAKERS = {"Operator": _operator, "Sensor": _operator, "TaskGroup": _group, "Trigger": _trigger}


def decorators_for(keywords: Collection[str]) -> dict[str, Any]:
    """Decorators of tasks whose providers are not installed, by their names."""
    from airflow.sdk.bases.decorator import DecoratedOperator, task_decorator_factory

    made = {}
    for name, module in _DECORATORS.items():
        if not installed(PREFIX + module):
            provider = provider_of(PREFIX + module)
            kind = _operator(f"@task.{name}", provider, keywords, DecoratedOperator)
            made[name] = partial(task_decorator_factory, decorated_operator_class=kind)
    return made
