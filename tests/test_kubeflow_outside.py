"""What a component is sure to ask of the world outside, and does not find, is told before a run."""

import os
import socket
from functools import partial

import pytest
from kfp import dsl
from kfp.dsl import Artifact, Input, Output
from test_cases_kubeflow import compiled

from workbench import PipelineError, Run, run
from workbench.engines import outside

component = partial(dsl.component, base_image="python:3.11")  # silences a notice of kfp
SHELL = {"image": "alpine", "command": ["sh", "-c"]}
FAR = {  # the script of a shell → why it is refused before the run
    "set -e\nmkdir x\ncurl -sS 'https://nowhere.invalid/a.csv' > x/a.csv": (
        "asks nowhere.invalid, a name that is not found from here"
    ),
    "set -ex -o pipefail\nwget -O - \\\n  https://nowhere.invalid/a | tr a b": (
        "asks nowhere.invalid, a name that is not found from here"
    ),
    "gsutil cat gs://nobodys/a.csv | tee $0": (
        "asks storage.googleapis.com for gs://nobodys/a.csv, a name that is not found from here"
    ),
    "python3 -m pip install --quiet 'no-such-package==1.0' && \"$0\"": (
        "installs no-such-package==1.0; nothing is installed into your environment"
    ),
    "pip install -q kfp no-such-package && python3 -c 'import no_such_package'": (
        "installs no-such-package; nothing is installed into your environment"
    ),
}
NEAR = [  # what may end well without, or asks nothing
    "curl 'https://nowhere.invalid/a.csv'; echo done",
    "set -e\ncurl https://nowhere.invalid/a || echo without",
    "set -e\nif false; then\n  curl https://nowhere.invalid/a\nfi",
    "set -e\ncurl -s https://nowhere.invalid/a | cat",
    "set -e\necho https://nowhere.invalid/a",
    "set -e\npython3 -m pip install 'kfp'",
    "pip3 install kfp pandas | cat",
    "echo gsutil gs://nobodys/a.csv",
]


@pytest.fixture
def offline(monkeypatch):
    """No host is found but this machine; a name service may be slow to say so."""
    found = socket.getaddrinfo
    nowhere = "nowhere.invalid"

    def ask(host, *rest, **options):
        return found(nowhere if str(host).endswith(".com") else host, *rest, **options)

    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(outside, "PATIENCE", 120)


def scripted(path, script):
    return compiled(path, {"name": "p"}, {"container": {**SHELL, "args": [script]}})


@pytest.mark.parametrize("script", FAR)
def test_what_a_script_asks_of_the_world_in_vain_is_told_before_the_run(tmp_path, offline, script):
    with pytest.raises(PipelineError) as error:
        run(scripted(tmp_path / "p.yaml", script))
    assert f"task 'a' {FAR[script]}" in str(error.value)
    assert "or give Run a stand_in for the task" in str(error.value)


@pytest.mark.parametrize("script", NEAR)
def test_what_a_script_may_do_without_is_no_hindrance(tmp_path, offline, script):
    Run(scripted(tmp_path / "p.yaml", script)).close()


def test_what_gsutil_is_to_read_may_not_be_the_output_of_a_task(tmp_path):
    @dsl.container_component
    def written(text: str, made: Output[Artifact]):
        return dsl.ContainerSpec(
            image="i", command=["sh", "-c", "echo $0 > $1"], args=[text, made.path]
        )

    @dsl.container_component
    def read(made: Input[Artifact]):
        return dsl.ContainerSpec(image="i", command=["sh", "-c", "gsutil cat $0"], args=[made.uri])

    @dsl.pipeline
    def through_a_bucket():
        read(made=written(text="a").outputs["made"])

    with pytest.raises(
        PipelineError, match="task 'read' reads by gsutil, which knows buckets alone"
    ):
        run(through_a_bucket)


@component
def fetched(made: Output[Artifact]):
    import urllib.request

    urllib.request.urlretrieve("https://nowhere.invalid/a.csv", made.path)


def test_a_component_that_fetches_from_nowhere_is_told_before_the_run(offline):
    with pytest.raises(PipelineError, match="task 'fetched' asks nowhere.invalid, a name that is"):
        run(fetched)
