"""The README is true: its commands run, its example runs, its files exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text()
COMMANDS = [
    line for block in re.findall(r"```bash\n(.*?)```", TEXT, re.S) for line in block.splitlines()
]
RUN = ".workbench/session/1/runs/training-1"
COVERED = {  # command → where it is executed
    "make lab": "tests/test_lab.py",
    "make test": "the call that runs this test",
    "make test-all": "the call that CI makes",
    ".venv/bin/workbench run notebooks --seed 7 --acts": "make test-all",
    ".venv/bin/workbench step pipeline.py": "tests/test_stepping_browser.py",
    ".venv/bin/workbench doctor": "tests/test_cli.py",
    ".venv/bin/workbench why record.jsonl validate": "tests/test_run_pipeline.py",
    ".venv/bin/workbench publish site --from out": "tests/test_site_browser.py",
    f".venv/bin/workbench page {RUN} -o run.html": "tests/test_page.py",
}


@pytest.fixture
def example(tmp_path):
    (tmp_path / "pipeline.py").write_text(re.search(r"```python\n(.*?)```", TEXT, re.S).group(1))
    return tmp_path


def test_the_example_runs_as_it_stands(example):
    check = (
        "assert [a.state for a in execution.record.attempts('validate')] == ['failed', 'success']\n"
    )
    script = (example / "pipeline.py").read_text() + check
    subprocess.run([ROOT / ".venv/bin/python", "-c", script], cwd=example, check=True, timeout=300)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(command, marks=pytest.mark.slow if "workbench run" in command else ())
        for command in COMMANDS
        if command not in COVERED
    ],
)
def test_a_command_runs_as_it_stands(command, example):
    if command.startswith("make "):
        target = command.split()[1]
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.M)
        return
    for name in ("notebooks", "exercises", "solutions", "tests", "pyproject.toml", ".venv"):
        (example / name).symlink_to(ROOT / name)
    subprocess.run(shlex.split(command), cwd=example, check=True, timeout=900)


def test_every_file_it_names_exists():
    for name in re.findall(
        r"[`(]((?:notebooks|exercises|solutions|src|tests|docs)/[\w./-]+)[`)]", TEXT
    ):
        assert (ROOT / name).exists(), name


def test_make_help_lists_every_target():
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in (
        "setup",
        "lab",
        "site",
        "test",
        "test-all",
        "test-long",
        "bench",
        "wheel",
        "lock",
        "clean",
    ):
        assert f"make {target} " in listed


def test_the_lock_file_names_no_address():
    assert "://" not in (ROOT / "requirements.lock").read_text()
    assert shutil.which("make")
