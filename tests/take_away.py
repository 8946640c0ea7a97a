"""Take private members of engines away, to see what the workbench says of it.

`python take_away.py ENGINE` takes each away in turn and tries a run. Every attempt is a fork of
this process, which has the engine imported and untouched. It prints what did not end as promised,
and exits 1 then. As a process's `sitecustomize`, it takes $TAKE_AWAY away right after the import.
"""

import importlib
import importlib.machinery
import os
import sys
from pathlib import Path


def take_away(path):
    """Remove a "package.module:Class.member" from the class (or module) that has it."""
    module, _, names = path.partition(":")
    if not names:
        sys.modules[module] = None  # import says ImportError
        return
    *owners, member = names.split(".")
    owner = importlib.import_module(module)
    for name in owners:
        owner = getattr(owner, name)
    for kind in getattr(owner, "__mro__", (owner,)):
        vars(kind).get("__annotations__", {}).pop(member, None)
        vars(kind).get("__private_attributes__", {}).pop(member, None)  # of a pydantic model
        if member in vars(kind) and kind is not object:
            delattr(kind, member)


class Thief:
    """An import hook: a module is without the member from the end of its own execution on."""

    def __init__(self, paths):
        self.paths = {path.partition(":")[0]: path for path in paths}

    def find_spec(self, name, path=None, target=None):
        if name not in self.paths:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            take_away(self.paths[name])

        spec.loader.exec_module = exec_module
        return spec


def attempt(thing, path):
    """The child's whole life: exit code 2 and one line, as the command line does it."""
    from workbench import PipelineError, run

    take_away(path)
    try:
        run(thing)
    except PipelineError as error:
        print(f"workbench: {error}", flush=True)
        os._exit(2)
    os._exit(0)


def in_a_fork(thing, path):
    """(exit code, what it printed, stderr included)."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        try:
            attempt(thing, path)
        finally:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def main(name):
    sys.path.append(str(Path(__file__).with_name("contract")))
    from suite import contract_of

    from workbench import start
    from workbench.engines.registry import specs

    start()
    spec = specs()[name]
    members = importlib.import_module(spec.internals).MEMBERS
    for member in members:
        importlib.import_module(member.path.partition(":")[0])
    thing = contract_of(name).chain()
    wrong = 0
    for member in members:
        code, text = in_a_fork(thing, member.path)
        begins = f"workbench: {spec.title} {spec.version} (tested is {spec.version}): "
        told = text.startswith(begins) and text.endswith("; make clean setup\n")
        if code != 2 or text.count("\n") != 1 or not told:
            wrong += 1
            print(f"{member.path}: exit {code}\n{text}")
    sys.exit(bool(wrong))


if __name__ == "sitecustomize":
    sys.meta_path.insert(0, Thief(os.environ["TAKE_AWAY"].split()))
if __name__ == "__main__":
    main(sys.argv[1])
