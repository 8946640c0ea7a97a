"""Providers that are not installed: a DAG file that imports from one is read all the same, its
tasks are drawn, and one of them runs where something stands in for it."""

import ast
import contextlib
import importlib.metadata
import inspect
import sys
from collections.abc import Collection, Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

PREFIX = "airflow.providers."
_GROUPS = ("apache", "atlassian", "cncf", "common", "dbt", "microsoft")  # of several providers each


def provider_of(module: str) -> str:
    """The distribution that a module below ``airflow.providers`` belongs to."""
    first, _, rest = module.removeprefix(PREFIX).partition(".")
    name = f"{first}-{rest.partition('.')[0]}" if first in _GROUPS and rest else first
    return f"apache-airflow-providers-{name}"


def lack_of_task(task: Any) -> str:
    """Why an operator cannot run here; empty where it can."""
    kind = task.operator_class if task.is_mapped else type(task)
    return lack_of(kind) if hasattr(kind, "provider") else ""


def lack_of(kind: type) -> str:
    """Why a class of such a provider is of no use here."""
    return f"{kind.__name__} is of {kind.provider}, which is not installed here"


@contextlib.contextmanager
def lent(path: Path) -> Iterator[None]:
    """Let a DAG file import from providers that are not installed, and forget them at the end."""
    finder = _Finder(_keywords_in(path))
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name, module in list(sys.modules.items()):
            if isinstance(module, _Module):
                del sys.modules[name]


def _keywords_in(path: Path) -> set[str]:
    """What the file gives by name to anything; Airflow asks an operator what it may be given."""
    try:
        nodes = ast.walk(ast.parse(path.read_bytes()))
    except (OSError, SyntaxError, ValueError):
        return set()
    return {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}


class _Finder(MetaPathFinder, Loader):
    """Asked last, when a module is nowhere."""

    def __init__(self, keywords: Collection[str]) -> None:
        self._keywords = keywords

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if not name.startswith(PREFIX) or _installed(name):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name, self._keywords)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(provider_of(name))
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


class _Module(ModuleType):
    """A module of such a provider: it has whatever it is asked for. What is called in lower case
    may be a module in it, or a function, and is both."""

    def __init__(self, name: str, keywords: Collection[str]) -> None:
        super().__init__(name)
        self._keywords = keywords

    def __getattr__(self, name: str) -> Any:
        if not name[0].isupper():
            raise AttributeError(name)
        make = _operator if name.endswith(("Operator", "Sensor")) else _thing
        made = make(name, provider_of(self.__name__), self._keywords)
        setattr(self, name, made)
        return made

    def __call__(self, *_: Any, **__: Any) -> Any:
        return _thing(self.__name__.rpartition(".")[2], provider_of(self.__name__))()


def _operator(name: str, provider: str, keywords: Collection[str]) -> type:
    """An operator that takes what the file gives it. Its own arguments are templated, as most of
    those of providers are, and so lead to the tasks whose outputs they are."""
    from airflow.sdk import BaseOperator

    common = set(inspect.signature(BaseOperator.__init__).parameters)

    def __init__(self: Any, **given: Any) -> None:
        own = {key: value for key, value in given.items() if key not in common}
        super(kind, self).__init__(**{key: given[key] for key in given if key in common})
        own = {key: value for key, value in own.items() if not hasattr(type(self), key)}
        for key, value in own.items():
            setattr(self, key, value)
        self.template_fields = tuple(own)

    def execute(self: Any, context: Any) -> NoReturn:
        raise ModuleNotFoundError(lack_of(type(self)))

    parameters = [
        inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=None)
        for key in sorted({*keywords} - common)
    ]
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    rest = inspect.Parameter("given", inspect.Parameter.VAR_KEYWORD)
    __init__.__signature__ = inspect.Signature([own, *parameters, rest])
    body = {"__init__": __init__, "execute": execute, "provider": provider}
    kind = type(BaseOperator)(name, (BaseOperator,), {**body, "__module__": __name__})
    return kind


class _Refusing(type):
    """What has only a name; whatever else is asked of it says so."""

    def __getattr__(cls, name: str) -> NoReturn:
        raise _refusal(cls, name)


def _refusal(kind: type, name: str) -> AttributeError:
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

    own = {"__init__": __init__, "__getattr__": __getattr__, "__call__": __call__}
    return _Refusing(name, (), {**own, "provider": provider, "__module__": __name__})
