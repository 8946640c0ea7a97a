"""The process of one component: kfp's own executor calls its function, or the process becomes its command.

``python child.py PARENT FOLDER`` reads FOLDER/call.json. Nothing of the workbench is imported here.
"""

import ctypes
import json
import logging
import os
import shlex
import signal
import sys
import traceback
from pathlib import Path

PR_SET_PDEATHSIG = 1


def main(parent: str, folder: str) -> None:
    if sys.platform == "linux":  # when the workbench dies, so does its child
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):  # it was faster
            os.kill(os.getpid(), signal.SIGKILL)
    os.environ["_KFP_RUNTIME"] = "true"
    call = json.loads(Path(folder, "call.json").read_text(encoding="utf-8"))
    if call["function"]:
        component(call, folder)
    else:
        container(call, folder)


def component(call: dict, folder: str) -> None:
    """Run a lightweight Python component; its traceback begins in the learner's code."""
    from kfp.dsl import utils
    from kfp.dsl.executor import Executor

    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        module = utils.load_module(module_name=call["function"], module_directory=folder)
        Executor(call["input"], getattr(module, call["function"])).execute()
    except Exception as error:
        trace = traceback.TracebackException.from_exception(error)
        mine = [
            number for number, frame in enumerate(trace.stack) if frame.filename.startswith(folder)
        ]
        trace.stack = traceback.StackSummary.from_list(trace.stack[mine[0] if mine else 0 :])
        print("".join(trace.format()), end="")
        text = f"{type(error).__name__}: {' '.join(str(error).split())}"
        Path(folder, "error").write_text(text, encoding="utf-8")
        sys.exit(1)


def container(call: dict, folder: str) -> None:
    """Become the command of a container component: in Docker where an engine answers, else on this machine."""
    from kfp.local.placeholder_utils import replace_placeholders

    names = dict.fromkeys(
        ("pipeline_resource_name", "pipeline_root", "unique_pipeline_id"), call["mount"]
    )
    command, arguments = (
        replace_placeholders(call[part], call["input"], task_resource_name=call["task"], **names)
        for part in ("command", "args")
    )
    docker = ["docker", "run", "--rm", "-v", f"{call['mount']}:{call['mount']}"]
    docker += [word for name, value in call["env"].items() for word in ("-e", f"{name}={value}")]
    docker += [
        *(["--entrypoint", command[0]] if command else []),
        call["image"],
        *command[1:],
        *arguments,
    ]
    print(
        *(f"$ {shlex.join(line)}" for line in (call["build"], docker) if line), sep="\n", flush=True
    )
    if call["docker"]:
        os.execvp("docker", docker)
    print(
        "no Docker engine answers: on this machine instead, without the image's files, packages and isolation"
    )
    host = call["host"]
    line = [*(command or host["entrypoint"]), *(arguments or ([] if command else host["cmd"])), ""][
        :-1
    ]
    line = [
        host["root"] + word if word[:1] == "/" and os.path.exists(host["root"] + word) else word
        for word in line
    ]
    line[:1] = [sys.executable if word in ("python", "python3") else word for word in line[:1]]
    os.chdir(host["cwd"])
    try:
        os.execvpe(
            line[0],
            line,
            {"PATH": os.environ["PATH"], "HOME": folder, **host["env"], **call["env"]},
        )
    except (OSError, IndexError) as error:
        what = f"{line[0] if line else 'no command'}: {error}; give the folder of the image's Dockerfile"
        text = f"{what}: OnHost(pipeline, images={{{call['image']!r}: …}})"
        Path(folder, "error").write_text(text, encoding="utf-8")
        sys.exit(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
