"""The process of one component: kfp's executor calls its function, or it becomes its command.

`python child.py PARENT FOLDER` reads FOLDER/call.json, which also says where things are in kfp.
Nothing of the workbench is imported: the component's environment may have none, and it costs time.
"""

import ctypes
import importlib
import json
import logging
import operator
import os
import shlex
import shutil
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1  # prctl: a signal for this process when its parent dies
FORMAT = "%(levelname)s %(name)s: %(message)s"
ON_HOST = "on this machine instead, without the image's files, packages and isolation"


def main(parent: str, folder: str) -> None:
    """Do what the call says. Where it fails, the exit code is 1 and FOLDER/error holds a line."""
    die_with(int(parent))
    call = json.loads(Path(folder, "call.json").read_text(encoding="utf-8"))
    if call["function"]:
        component(call, folder)
    else:
        container(call, folder)


def die_with(parent: int) -> None:
    """Leave no component running when the workbench is killed, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before prctl
            os.kill(os.getpid(), signal.SIGKILL)


def component(call: dict, folder: str) -> None:
    """Run a Python component; its traceback begins in the learner's code."""
    load, executor = imported(call["load"], folder), imported(call["executor"], folder)
    imported(f"{call['executor']}.execute", folder)
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format=FORMAT)
    try:
        module = load(module_name=call["function"], module_directory=folder)
        function = getattr(module, call["function"])
        executor(executor_input=call["input"], function_to_execute=function).execute()
    except Exception as error:
        print(learners_traceback(error, folder), end="")
        fail(folder, f"{type(error).__name__}: {' '.join(str(error).split())}", logged=True)


def learners_traceback(error: Exception, folder: str) -> str:
    """The traceback without the frames above the component's own."""
    trace = traceback.TracebackException.from_exception(error)
    own = [n for n, frame in enumerate(trace.stack) if frame.filename.startswith(folder)]
    if own:
        trace.stack = traceback.StackSummary.from_list(trace.stack[own[0] :])
    return "".join(trace.format())


def container(call: dict, folder: str) -> None:
    """Become a container's command: in Docker where an engine answers, otherwise on this host."""
    command, arguments = resolved(call, "command", folder), resolved(call, "args", folder)
    Path(folder, "command.json").write_text(json.dumps([*command, *arguments]), "utf-8")
    docker = in_docker(call, command, arguments)
    for line in (call["build"], docker):
        if line:
            print(f"$ {shlex.join(line)}", flush=True)
    if call["docker"]:
        os.execvp("docker", docker)
    print(f"no Docker engine answers: {ON_HOST}", flush=True)
    host = call["host"]
    words = on_host(host, command, arguments)
    env = {"PATH": os.environ["PATH"], "HOME": folder, **host["env"], **call["env"]}
    os.chdir(host["cwd"])
    try:
        os.execvpe(words[0], words, env)
    except (OSError, IndexError) as error:
        program = words[0] if words else "no command"
        remedy = f"OnHost(pipeline, images={{{call['image']!r}: …}})"
        fail(folder, f"{program}: {error}; give the folder of the image's Dockerfile: {remedy}")


def resolved(call: dict, part: str, folder: str) -> list[str]:
    """A part of the container's command with values and paths in place of placeholders."""
    replace_placeholders = imported(call["placeholders"], folder)
    run = dict.fromkeys(("pipeline_resource_name", "unique_pipeline_id"), call["run"])
    run["pipeline_root"] = call["mount"]
    words = [with_lists(word, call["input"]["inputs"]["artifacts"]) for word in call[part]]
    return replace_placeholders(words, call["input"], task_resource_name=call["task"], **run)


def with_lists(word: str, artifacts: dict) -> str:
    """A word of a command with JSON in place of a whole input of artifacts, which kfp's own
    replacement knows only one by one."""
    for name, given in artifacts.items():
        text = json.dumps(given["artifacts"])
        word = word.replace(f"{{{{$.inputs.artifacts['{name}']}}}}", text)
    return word


def in_docker(call: dict, command: list[str], arguments: list[str]) -> list[str]:
    """The command line by which Docker runs the container."""
    line = ["docker", "run", "--rm", "-v", f"{call['mount']}:{call['mount']}"]
    for name, value in call["env"].items():
        line += ["-e", f"{name}={value}"]
    if command:
        line += ["--entrypoint", command[0]]
    return [*line, call["image"], *command[1:], *arguments]


def on_host(host: dict, command: list[str], arguments: list[str]) -> list[str]:
    """The container's command with the files of its toy image, and this Python for its own."""
    words = [*command, *arguments]
    if not command:  # as in Docker, which otherwise drops CMD with the entrypoint
        words = [*host["entrypoint"], *(arguments or host["cmd"])]
    words = [in_image(word, host["root"]) for word in words]
    if words and words[0] in ("python", "python3"):
        words[0] = sys.executable
    if words and words[0] == "sh" and shutil.which("bash"):
        words[0] = "bash"  # the sh of most images knows [[ a == b ]], that of Debian does not
    return words


def in_image(word: str, root: str) -> str:
    """An absolute path that the image has, as its path on this machine."""
    return root + word if word.startswith("/") and os.path.exists(root + word) else word


def imported(path: str, folder: str) -> Any:
    """What is at "module:name" in kfp."""
    module, _, name = path.partition(":")
    try:
        return operator.attrgetter(name)(importlib.import_module(module))
    except (ImportError, AttributeError) as error:
        fail(folder, f"{path} of kfp is gone ({error}); make clean setup")


def fail(folder: str, text: str, logged: bool = False) -> NoReturn:
    """Leave the error where the workbench looks for it, and in the log unless it stands there."""
    Path(folder, "error").write_text(text, encoding="utf-8")
    sys.exit(1 if logged else text)


if __name__ == "__main__":
    main(*sys.argv[1:])
