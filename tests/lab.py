"""A JupyterLab server that writes in one temporary folder only, and pages that open notebooks."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
WITHOUT = "no Chromium on PATH: install Debian's `chromium`, or Chrome, to run the browser tests"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
PATIENCE = 150  # seconds to wait for anything that has to come; a machine may be busy
SOURCE = Path(__file__).parent.parent / "src"
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False, "maxNumberRecents": 0},
    "@jupyterlab/extensionmanager-extension/plugin": {"enabled": False, "disclaimed": False},
    "@jupyterlab/notebook-extension/tracker": {
        "windowingMode": "none",
        "kernelShutdown": True,
        "recordTiming": False,
    },
    "@jupyterlab/completer-extension/manager": {"autoCompletion": False},
}


@contextmanager
def server(root, *start):
    """The address of a server whose notebooks are in ``root/work``, or that a command starts."""
    for name, value in SETTINGS.items():
        path = root / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    (root / "work").mkdir(exist_ok=True)
    folders = (
        "JUPYTERLAB_SETTINGS",
        "JUPYTERLAB_WORKSPACES",
        "JUPYTER_CONFIG",
        "JUPYTER_DATA",
        "JUPYTER_RUNTIME",
    )
    environment = {
        **os.environ,
        **{f"{name}_DIR": str(root / name.rpartition("_")[2].lower()) for name in folders},
        "IPYTHONDIR": str(root / "ipython"),
        "WORKBENCH_HOME": str(root / "home"),
        "PYTHONPATH": str(SOURCE),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root / "work",
        "ServerApp.disable_check_xsrf": True,
        "ServerApp.terminals_enabled": False,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "JupyterNotebookApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": "",
        "LanguageServerManager.autodetect": False,
    }
    if start:
        del options["ServerApp.root_dir"]
    command = [*(start or (sys.executable, "-m", "jupyterlab", "--allow-root")), "--no-browser"]
    command += [f"--{name}={value}" for name, value in options.items()]
    with (root / "lab.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=root / "work"
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(f"{address}/api/status"):
            given_up = process.poll() is not None or time.monotonic() > deadline
            assert not given_up, (root / "lab.log").read_text()[-3000:]
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(url):
    try:
        urllib.request.urlopen(url, timeout=10).close()
    except OSError:
        return False
    return True


@contextmanager
def chromium():
    """A headless browser; what is expected of its pages may take its time."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def tab(browser, **options):
    """A page that notes what goes wrong in it, in ``page.errors``."""
    settings = {
        "viewport": {"width": 1200, "height": 1150},
        "reduced_motion": "reduce",
        "locale": "en-US",
        **options,
    }
    context = browser.new_context(**settings)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    context.close()


def write(path, *cells):
    """A notebook of these code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    nbformat.write(notebook, path)


def visit(page, address, name, place="doc/tree"):
    """Open a notebook by itself, and wait for its kernel; Notebook 7 has it at ``notebooks``."""
    page.goto(f"{address}/{place}/{name}?reset")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady")
    session = "window.jupyterapp.shell.currentWidget.sessionContext.session"
    page.wait_for_function(f"() => {session}?.kernel?.connectionStatus === 'connected'")


def command(page, name, arguments="{}"):
    """Have JupyterLab do something, as its menus would."""
    page.evaluate(
        f"async () => {{ await jupyterapp.commands.execute('{name}', {arguments}); return true; }}"
    )


def dark(page):
    command(page, "apputils:change-theme", "{theme: 'JupyterLab Dark'}")
    page.wait_for_function("() => document.body.dataset.jpThemeName === 'JupyterLab Dark'")
    page.wait_for_selector("#jupyterlab-splash", state="detached")
