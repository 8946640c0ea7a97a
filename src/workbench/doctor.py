"""What works on this machine and how to mend what does not."""

import ctypes.util
import importlib.metadata
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from workbench.engines.members import missing_in
from workbench.engines.registry import Spec, absent, other_version, specs
from workbench.extras import REINSTALL, extra_with, is_missing, way_to
from workbench.sandbox.client import layers_here

LIBRARIES = {  # title → distribution, the statement that tries it; engines are in the registry
    "scikit-learn": ("scikit-learn", "import sklearn.ensemble"),
    "XGBoost": ("xgboost-cpu", "import xgboost"),
    "LightGBM": ("lightgbm", "import lightgbm"),
    "CatBoost": ("catboost", "import catboost"),
}
FIRST_IMPORT = 600  # seconds; the first one compiles, on a slow disk for minutes
CONFINING = (
    "allow namespaces (a container: its seccomp profile, and CAP_SYS_ADMIN or, for an ordinary "
    "user, systempaths=unconfined; Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0); "
    "Landlock: Linux 5.13; a filter: x86_64 or aarch64"
)


@dataclass(frozen=True)
class Finding:
    """One row: ``works`` is None for something that is missed only by some."""

    subject: str
    works: bool | None
    state: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything the workbench needs, one finding after the other."""
    yield _python()
    yield _system()
    yield _checked("Jupyter kernel", _kernel, REINSTALL)
    with ThreadPoolExecutor() as pool:
        engines = pool.map(_engine, [spec for spec in specs().values() if spec.distribution])
        libraries = pool.map(_library, LIBRARIES)
        yield from engines
        yield from libraries
    yield _checked("inside of IPython and graphviz", _inside, REINSTALL)
    if not is_missing("models"):
        yield _checked("OpenMP (libgomp)", _openmp, "sudo apt-get install libgomp1")
    yield _checked(
        "drawing", _drawn, f"{REINSTALL}, or install graphviz; until then pictures are text"
    )
    yield _checked(
        "free port", _port, "something forbids listening on 127.0.0.1; look at the firewall"
    )
    yield _checked("folder to write to", _writable, "set WORKBENCH_HOME to a folder of yours")
    yield _confinement()
    yield _browser()


def _python() -> Finding:
    fits = (3, 11) <= sys.version_info < (3, 14)
    remedy = "Python 3.11 to 3.13: make setup PYTHON=python3.12"
    return Finding("Python", fits, platform.python_version(), remedy)


def _system() -> Finding:
    system = platform.system()
    remedy = "Linux, or WSL2 on Windows; others are untested"
    return Finding("system", system == "Linux" or None, system, remedy)


def _confinement() -> Finding:
    """What holds a learner's code while it is judged; `grade` refuses where it is limits alone."""
    layers = layers_here()
    beyond = f"; an answer could {layers.open}" if layers.open else ""
    works = True if layers.level == "full" else None
    return Finding("confinement of answers", works, f"{layers}{beyond}", CONFINING)


def _browser() -> Finding:
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    remedy = "only the browser tests need it: sudo apt-get install chromium"
    return Finding("Chromium", True if browser else None, browser or "not found", remedy)


def _engine(spec: Spec) -> Finding:
    """Whether an engine can be imported, and has inside it what the workbench uses."""
    statement = (
        f"{spec.imports}\nimport sys\nfrom workbench.engines.registry import lost, specs\n"
        f"sys.exit(lost(specs()[{spec.name!r}]) or None)"
    )
    if extra := absent(spec):
        return _left_out(spec.title, extra)
    finding = _checked(spec.title, lambda: _imported(spec.distribution, statement), REINSTALL)
    if finding.works and (note := other_version(spec)):
        return Finding(spec.title, None, note, REINSTALL)
    return finding


def _library(title: str) -> Finding:
    extra = extra_with(LIBRARIES[title][0])
    if extra and is_missing(extra):
        return _left_out(title, extra)
    return _checked(title, lambda: _imported(*LIBRARIES[title]), REINSTALL)


def _left_out(subject: str, extra: str) -> Finding:
    """Something that only those miss who want it."""
    return Finding(subject, None, "not installed", way_to(extra))


def _checked(subject: str, check: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(subject, True, check())
    except Exception as error:
        last = (str(error).strip() or type(error).__name__).splitlines()[-1]
        return Finding(subject, False, last[:300], remedy)


def _imported(distribution: str, statement: str) -> str:
    """Import in a process of its own: an engine sets up homes and logs on import."""
    with tempfile.TemporaryDirectory() as homes:
        quiet = {"DO_NOT_TRACK": "1", "PYTHONWARNINGS": "ignore"}
        for spec in specs().values():
            quiet |= {name: str(Path(homes, path)) for name, path in spec.homes.items()}
        command = [sys.executable, "-c", statement]
        done = subprocess.run(
            command,
            env=os.environ | quiet,
            capture_output=True,
            text=True,
            timeout=FIRST_IMPORT,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return importlib.metadata.version(distribution)


def _kernel() -> str:
    from jupyter_client.kernelspec import KernelSpecManager

    return KernelSpecManager().get_kernel_spec("python3").argv[0]


def _inside() -> str:
    if troubles := missing_in("workbench.internals"):
        raise RuntimeError(troubles[0])
    return "as it was tested"


def _openmp() -> str:
    name = ctypes.util.find_library("gomp")
    if name is None:
        raise RuntimeError("not found; LightGBM needs it")
    return name


def _drawn() -> str:
    from workbench.graph import Graph
    from workbench.picture import layout

    if layout(Graph.of(["a", "b"], [("a", "b")])) is None:
        raise RuntimeError("no graphviz-pure and no dot that works")
    return f"graphviz-pure {importlib.metadata.version('graphviz-pure')}"


def _port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


def _writable() -> str:
    from workbench import workspace

    folder = workspace.home()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return str(folder)
