"""``make lab`` serves the start page, and prints an address that opens it."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parent.parent


def test_make_lab_serves_the_start_page(tmp_path):
    log, before = tmp_path / "log", _status()
    options = "--no-browser --ServerApp.port=0"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")
    }
    environment |= {
        "JUPYTER_RUNTIME_DIR": str(tmp_path),
        "JUPYTER_CONFIG_DIR": str(tmp_path),
        "LAB": options,
    }
    environment.pop("WORKBENCH_HOME")
    with log.open("wb") as file:
        lab = subprocess.Popen(
            ["make", "lab"],
            cwd=ROOT,
            env=environment,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        address = _address(log, lab)
        with _open(address, lab) as page:
            assert (
                "/lab/tree/notebooks/0-start-here.ipynb" in page.url
                or b"jupyter-config-data" in page.read()
            )
        base, token = re.match(r"(http://[^/]+)/.*token=(\w+)", address).groups()
        content = f"{base}/api/contents/notebooks/0-start-here.ipynb?token={token}"
        with urllib.request.urlopen(content, timeout=150) as notebook:
            cells = json.load(notebook)["content"]["cells"]
        assert "Pipeline Workbench: start here" in cells[0]["source"]
        assert all(cell["metadata"]["trusted"] for cell in cells if cell["cell_type"] == "code"), (
            "pictures are hidden"
        )
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(150)
    assert _status() == before


def _status():
    return subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT)


def _open(address, lab):
    """The page; Jupyter prints its address shortly before it listens there."""
    end = time.monotonic() + 150
    while True:
        try:
            return urllib.request.urlopen(address, timeout=150)
        except URLError as error:
            refused = isinstance(error.reason, ConnectionRefusedError)
            if not refused or lab.poll() is not None or time.monotonic() > end:
                raise
        time.sleep(0.2)


def _address(log, lab):
    end = time.monotonic() + 300
    while time.monotonic() < end and lab.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", log.read_text()):
            return found.group()
        time.sleep(0.2)
    raise AssertionError(log.read_text())
