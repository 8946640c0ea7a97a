"""What kfp's compiler writes, and what its components' processes do, is as internals.py has it."""

import json
import os
import subprocess
import sys

from workbench.engines.kubeflow import child, internals
from workbench.engines.kubeflow.compiled import read


def container_of(pipeline, task):
    return read(pipeline).dag.tasks[task].container


def test_a_python_component_is_told_from_a_container(pipelines):
    python = container_of(pipelines.containers, "read")
    shell = container_of(pipelines.containers, "shout")
    assert internals.is_python_component(python["command"])
    assert not internals.is_python_component(shell["command"])


def test_a_function_has_its_name_and_its_authors_source(pipelines):
    container = container_of(pipelines.chain, "double")
    assert internals.function_in(container["args"]) == "double"
    source = internals.authors_source(container["command"][-1])
    assert source == "def double(value: int) -> int:\n    return 2 * value"


def test_inputs_of_other_tasks_have_names_that_somebody_wrote(pipelines):
    (loop,) = [task for task in read(pipelines.dynamic_loop).dag.tasks.values() if task.iterator]
    assert internals.authors_names(loop.items) == "upto-Output"


def test_a_components_process_leaves_the_client_out():
    script = "import sys, kfp.dsl; sys.exit('kfp.client' in sys.modules)"
    command, environment = [sys.executable, "-c", script], os.environ | internals.RUNTIME
    assert subprocess.run(command, env=environment, check=False).returncode == 0


def test_a_component_says_what_is_gone_of_kfp(tmp_path):
    call = {"function": "f", "load": "kfp.dsl.utils:lost", "executor": internals.EXECUTOR}
    (tmp_path / "call.json").write_text(json.dumps(call))
    command = [sys.executable, child.__file__, str(os.getpid()), str(tmp_path)]
    environment = os.environ | internals.RUNTIME
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    told = (tmp_path / "error").read_text()
    assert told.startswith("kfp.dsl.utils:lost of kfp is gone (module 'kfp.dsl.utils' has no")
    assert told.endswith("; make clean setup")
    assert (done.returncode, done.stderr) == (1, told + "\n")
