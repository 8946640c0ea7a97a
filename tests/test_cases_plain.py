"""Plain functions and files as people have them: what cannot run, and where a path leads."""

import functools
import subprocess
import sys

import pytest

from workbench import Pipeline, PipelineError, run


async def awaited():
    return 1


def yielding():
    yield 1


async def both():
    yield 1


@pytest.mark.parametrize("function", [awaited, yielding, both, functools.partial(awaited)])
def test_what_would_succeed_without_having_run_is_refused_where_it_is_written(function):
    words = "^task 'two' is async or yields, so that calling it runs none of its lines; write a def"
    with pytest.raises(PipelineError, match=words):
        Pipeline("p").task(function, name="two")


def test_a_task_may_await_inside_and_return_a_list_of_what_another_yields():
    pipeline = Pipeline("p")

    @pipeline.task
    def inside():
        import asyncio

        return asyncio.run(awaited())

    @pipeline.task
    def items(inside):
        return [inside, *yielding()]

    assert run(pipeline).outputs["items"] == [1, 1]


YAML = """
components:
  comp-echo: {executorLabel: exec-echo}
deploymentSpec:
  executors:
    exec-echo: {container: {image: alpine, command: [echo], args: [hello]}}
pipelineInfo: {name: p}
root:
  dag:
    tasks:
      echo: {componentRef: {name: comp-echo}, taskInfo: {name: echo}}
schemaVersion: 2.1.0
"""
PLAIN = """
from workbench import Pipeline

p = Pipeline("p")

@p.task
def one():
    return 1
"""


@pytest.mark.parametrize(
    "code",
    [
        "print(run('p.yaml').state)",
        "start(); print(run('p.yaml').state)",
        "start(); print(run('sub/../p.yaml').state)",
        "start(); print(Run(Path('p.yaml')).graph.tasks and 'success')",
        "start(); print(run(things_in('plain.py')['p']).state)",
        "start(); open('plain.py', 'w').close(); os.remove('plain.py');"
        "print(run(things_in('plain.py')['p']).state)",
    ],
)
def test_a_relative_path_leads_to_the_file_beside_the_script(tmp_path, code):
    (tmp_path / "sub").mkdir()
    (tmp_path / "p.yaml").write_text(YAML)
    (tmp_path / "plain.py").write_text(PLAIN)
    head = "import os\nfrom pathlib import Path\nfrom workbench import *\n"
    head += "from workbench import Run, run, start, things_in\n"
    done = subprocess.run(
        [sys.executable, "-c", head + code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "success\n", done.stderr


@pytest.mark.parametrize("name", ["gone.yaml", "gone.py"])
def test_a_file_that_is_nowhere_is_named_with_the_folder_that_was_searched(
    tmp_path, name, monkeypatch
):
    from workbench import things_in

    monkeypatch.chdir(tmp_path)
    with pytest.raises(PipelineError, match=f"^{tmp_path}/{name}: no such file"):
        things_in(name)
