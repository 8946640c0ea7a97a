"""What is hidden from an answer lies below what it may read: where there is no small root, too."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
READ = """
import sys
sys.path.insert(0, sys.argv[1])
from sandboxed import PROBE, tried
from workbench.sandbox.client import Keeper
lent = sys.argv[2]
source = '''
import os
def read(name):
    try: return open(f"{LENT}/{name}").read()
    except OSError: return None
print([read(name) for name in NAMES], os.listdir(LENT))
import beside_it
def process_data(a, b): ...
'''
names = ["course/judge/answer", "course/link", "course/file", "course/other/file", "file"]
source = f"LENT, NAMES = {lent!r}, {names!r}\\nimport sys; sys.path.append(LENT)" + source
with Keeper(preload=(PROBE,), readable=(lent,), hidden=(f"{lent}/course/judge",)) as keeper:
    seen = tried(keeper, source)
print(seen.output, seen.error)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
@pytest.mark.parametrize("level", ["root", "user", "root-nons", "user-nons"])
def test_only_what_is_hidden_is_not_read(level):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        lent = Path(folder) / "lent"
        for name in ("course/judge/answer", "course/file", "course/other/file", "file"):
            (lent / name).parent.mkdir(parents=True, exist_ok=True)
            (lent / name).write_text(name)
        (lent / "course/link").symlink_to("judge/answer")
        (lent / "beside_it.py").write_text("")
        Path(folder).chmod(0o755)
        command = [sys.executable, HERE / "lowered.py", level, sys.executable, "-c", READ]
        done = subprocess.run(
            [*command, HERE, lent],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=os.environ | {"TMPDIR": "/tmp", "HOME": "/tmp"},
        )
        names = sorted(os.listdir(lent))
    texts = [None, None, "course/file", "course/other/file", "file"]
    said, _, listed = done.stdout.partition("] [")
    assert said == str(texts)[:-1], done.stdout + done.stderr
    assert sorted(name for name in names if repr(name) in listed) == names
    assert done.stdout.endswith("\n None\n")
