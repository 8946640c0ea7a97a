"""What an answer tries against its judge and the machine; each calls `reached()` if it worked.

Run as a script it tries all of them where it is run, and prints what came of each as JSON. Around
it there are servers, a folder and a file of the judge's, by the names VICTIM, UNIX, ABSTRACT, PORT.
"""

import json
import os
import socket
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from attempts import NARROW, TRIED
from sandboxed import AMPLE, IN_THE_CALL, PROBE, servers

from workbench.exercises import check
from workbench.exercises.answers import Answer
from workbench.exercises.registry import find
from workbench.sandbox.client import Keeper, layers_here
from workbench.sandbox.place import PREFIX

PRELUDE = """
import ctypes, errno, fcntl, mmap, platform, resource, struct, threading
C = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    given = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = C.syscall(ctypes.c_long(number), *given)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"call {number}")
    return result
def reached():
    print("REACHED")
def unread():  # bytes that the two ends of one connection hold
    server = socket.create_server(("127.0.0.1", 0))
    ends, held = [socket.create_connection(server.getsockname()), server.accept()[0]], 0
    for end in ends:
        end.setblocking(False)
        try:
            while True: held += end.send(bytes(1 << 16))
        except BlockingIOError: pass
    return held
"""
RIGHT = (
    "import os, pandas as pd\ndef process_data(i, o):\n"
    "    (pd.read_csv(i) * 2).to_csv(o + '.part', index=False); os.replace(o + '.part', o)\n"
)
AT_LAST = (  # in the ninth call, when it has earned something
    "import os, pandas as pd\nhome = os.environ['HOME']\ndef process_data(i, o):\n"
    "    (pd.read_csv(i) * 2).to_csv(o, index=False)\n"
    "    print(i, file=open(home + '/calls', 'a'))\n"
    "    if len(list(open(home + '/calls'))) == 9:\n"
    "        os.rename(home + '/data', home + '/old')\n"
)
PROCESSES = Path(__file__).with_name("answers") / "problem_3/right_processes.py"
ANSWERS = {  # what an answer to problem_3 does beside its work → the answer, its outcome
    "nothing": (RIGHT, "passed"),
    "locks, queues and pools of processes": (PROCESSES.read_text(), "passed"),
    "imports what was not imported yet": (
        RIGHT.replace("import os,", "import os, sqlite3, xmlrpc.client, encodings.cp037,"),
        "passed",
    ),
    "a folder that nobody may enter": (
        RIGHT + "    a = os.environ['HOME'] + '/a'\n"
        "    os.path.exists(a) or (os.makedirs(a + '/b'), os.chmod(a, 0))\n",
        "passed",
    ),
    "a very deep folder": (
        RIGHT + "    for _ in range(2000): os.mkdir('d'); os.chdir('d')\n",
        "failed",
    ),
    "its folder is a link, at last": (
        AT_LAST + "        os.symlink(VICTIM, home + '/data')\n",
        "failed",
    ),
    "its folder is the judge's, at last": (
        AT_LAST + "        os.symlink('/proc/self/cwd', home + '/data')\n",
        "failed",
    ),
    "its folder is a file, at last": (
        AT_LAST + "        open(home + '/data', 'w').close()\n",
        "failed",
    ),
    "its output is the judge's file": (
        "import os\ndef process_data(i, o):\n    os.symlink(VICTIM + '/file', o)\n",
        "failed",
    ),
    "its output is a pipe": ("import os\ndef process_data(i, o):\n    os.mkfifo(o)\n", "failed"),
    "an output of 60 MB": (
        "def process_data(i, o):\n    open(o, 'w').write('a\\n' * (30 << 20))\n",
        "failed",
    ),
}


def main():
    outside = Path(tempfile.mkdtemp(dir=os.environ["TMPDIR"]))
    (outside / "victim").mkdir()
    open_servers = servers(outside)
    names = {"UNIX": f"{outside}/server", "ABSTRACT": str(outside), "VICTIM": f"{outside}/victim"}
    names["HOST"] = socket.gethostname()
    names["PORT"] = open_servers[-1].getsockname()[1]
    placed = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    placed += "import json\njson_cache = lambda: json.__cached__\n"
    os.chdir(outside / "victim")  # where the judge works
    told = {"layers": layers_here().as_json(), "tried": {}, "answers": {}}

    def intact():
        (outside / "victim").chmod(0o755)
        kept = {path.name: path.read_text() for path in (outside / "victim").iterdir()}
        for name in kept:
            (outside / "victim" / name).unlink()
        for name in ("file", "output.csv", "filled.csv"):
            (outside / "victim" / name).write_text("precious")
        return kept == dict.fromkeys(("file", "output.csv", "filled.csv"), "precious")

    intact()
    with Keeper(preload=(PROBE,)) as keeper:
        for name, code in TRIED.items():
            limits = replace(AMPLE, **NARROW.get(name, {}))
            with keeper.job(PROBE, placed + PRELUDE + IN_THE_CALL + code, limits) as job:
                job.write("data/input.csv", b"a\n1\n")
                seen = job.step("doubles", {"calls": [("data/input.csv", "data/output.csv")]})
            told["tried"][name] = [seen.output, seen.stopped, seen.error, intact()]
    if "answers" in sys.argv:
        with find("problem_3").warm() as keeper:
            for name, (text, _) in ANSWERS.items():
                report = check.judge(
                    "problem_3", Answer(code=placed + text), seed=3, keeper=keeper, words=False
                )
                feedback = " ".join(mark.feedback for mark in report.criteria)
                told["answers"][name] = [report.outcome, feedback, intact()]
    folder, until = Path(tempfile.gettempdir()), time.monotonic() + 60
    while list(folder.glob(f"{PREFIX}*")) and time.monotonic() < until:
        time.sleep(0.1)  # the last one of a job, which may still be at it
    told["left"] = [path.name for path in folder.glob(f"{PREFIX}*")]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
