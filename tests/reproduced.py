"""Judges each attack of `answers/attacks` where it is run, and prints what came of it as JSON.

`reproduced.py FOLDER NAME…`: around the attacks there are servers, a key of the judge's and its
files, all below FOLDER. Run it by `lowered.py` to see how they fare where a machine grants less.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path

from sandboxed import servers

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.sandbox import process
from workbench.sandbox.place import PREFIX

HERE = Path(__file__).parent
TOO = {  # that stand among the labelled answers
    "42_problem_4_stolen_descriptor": "hostile_steals_descriptor",
    "43_problem_4_malicious_pickle": "hostile_pickle_claims",
    "44_problem_4_number_too_large": "hostile_large_numbers",
}
FILES = {path.stem: path for path in sorted((HERE / "answers" / "attacks").glob("*.py"))} | {
    attack: HERE / f"answers/problem_4/{name}.py" for attack, name in TOO.items()
}
FILES_OF_THE_JUDGE = ("file", "output.csv", "filled.csv")
ADD_KEY, THREAD_SESSION = 248, -3


def problem(name):
    """The exercise that an attack is handed in for: problem_3, unless its name says another."""
    words = name.split("_")
    number = words[words.index("problem") + 1] if "problem" in words else "3"
    return f"problem_{number}"


def placed(text, outside, port):
    names = {"OUTSIDE": outside, "VICTIM": f"{outside}/victim", "PROJECT": HERE.parent}
    for name, value in (names | {"PORT": port}).items():
        text = text.replace(name, str(value))
    return text


def have_a_key():
    """A secret in the session's keyring, as a login may leave one."""
    process.begin_a_keyring()
    with contextlib.suppress(OSError):
        key = (b"user", b"teacher-secret", b"hunter2")
        process.kernel("syscall", ADD_KEY, *key, 7, THREAD_SESSION)


def intact(victim):
    """Whether nothing has become of the judge's files since the last look; they are new now."""
    kept = victim.stat().st_mode & 0o777 == 0o755
    victim.chmod(0o755)
    found = {path.name: path.read_text() for path in victim.iterdir()}
    for name in found:
        (victim / name).unlink()
    for name in FILES_OF_THE_JUDGE:
        (victim / name).write_text("precious")
    return kept and found == dict.fromkeys(FILES_OF_THE_JUDGE, "precious")


def main(folder, *names):
    outside, before = Path(folder, "outside"), os.listdir("/dev/shm")
    (outside / "victim").mkdir(parents=True)
    open_servers = servers(outside)
    port = open_servers[-1].getsockname()[1]
    os.chdir(outside / "victim")  # where the judge works
    have_a_key()
    (outside / "victim").chmod(0o755)
    intact(outside / "victim")
    told = {}
    for exercise, chosen in groupby(sorted(names, key=problem), problem):
        with check.warm(exercise) as keeper:
            for name in chosen:
                code, began = placed(FILES[name].read_text(), outside, port), time.monotonic()
                report = check.judge(exercise, Answer(code=code), 7, keeper, words=False)
                told[name] = report.as_json() | {"took": time.monotonic() - began}
                told[name]["intact"] = intact(outside / "victim")
                told[name]["text"] = report.as_text()
    until = time.monotonic() + 60
    while (
        left := list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    ) and time.monotonic() < until:
        time.sleep(0.1)
    shared = [name for name in os.listdir("/dev/shm") if name.startswith("left-by-")]
    # Others are of a run that was ended before it could clear up.
    left = [*map(str, left), *(name for name in shared if name not in before)]
    print(json.dumps({"told": told, "left": left}))


if __name__ == "__main__":
    main(*sys.argv[1:])
