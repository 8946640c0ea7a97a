"""An object store and a tracking server: real ones, on loopback, gone when they are closed."""

import socket
import subprocess
import sys

import psutil
import pytest

from workbench import Pipeline, PipelineError, Run
from workbench.servers import objects, tracking
from workbench.servers.child import Child, free_port
from workbench.servers.tracking import Gate


@pytest.fixture(scope="module")
def store():
    store = objects.served()
    store.client().create_bucket(Bucket="bucket")
    yield store
    store.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    server = tracking.served(tmp_path_factory.mktemp("mlflow"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server
    server.close()


def test_pandas_reads_from_the_store_by_the_environment_and_by_options(store, monkeypatch):
    import pandas as pd

    store.client().put_object(Bucket="bucket", Key="data.csv", Body=b"a,b\n1,2\n")
    given = pd.read_csv("s3://bucket/data.csv", storage_options=store.storage_options)
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    assert pd.read_csv("s3://bucket/data.csv").equals(given)
    assert given.to_dict("list") == {"a": [1], "b": [2]}


def test_two_stores_have_keys_of_their_own_that_no_text_shows(store):
    other = objects.served()
    assert (store.address, store.key, store.secret) != (other.address, other.key, other.secret)
    assert store.secret not in repr(store)
    other.close()


def test_a_write_may_depend_on_what_is_there(store):
    client = store.client()
    client.put_object(Bucket="bucket", Key="once", Body=b"first", IfNoneMatch="*")
    with pytest.raises(client.exceptions.ClientError, match="PreconditionFailed"):
        client.put_object(Bucket="bucket", Key="once", Body=b"second", IfNoneMatch="*")
    assert client.get_object(Bucket="bucket", Key="once")["Body"].read() == b"first"


def test_a_server_ends_with_the_process_that_started_it_even_when_that_is_killed(tmp_path):
    port = free_port()
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom workbench.servers.child import Child\n"
        f"command = [sys.executable, '-m', 'http.server', '{port}', '--bind', '127.0.0.1']\n"
        f"log = Path({str(tmp_path / 'log')!r})\n"
        f"child = Child('it', command, 'http://127.0.0.1:{port}', log)\n"
        "child.wait_until_healthy('/')\nprint('up', flush=True)\ntime.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "up\n"
    below = psutil.Process(process.pid).children(recursive=True)
    assert len(below) == 2
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(below, timeout=60)
    assert not alive


def test_a_server_that_ends_at_once_is_told_with_what_it_said(tmp_path):
    child = Child(
        "It",
        [sys.executable, "-c", "raise SystemExit('no disk')"],
        "http://127.0.0.1:1",
        tmp_path / "log",
    )
    with pytest.raises(PipelineError, match="It ended before it answered .no disk.; its log is"):
        child.wait_until_healthy("/")


@pytest.mark.parametrize(
    ("metrics", "missed"),
    [
        ({"accuracy": 0.9, "f1": 0.9}, ()),
        ({"accuracy": 0.8, "f1": 0.8}, ()),
        ({"accuracy": 0.79, "f1": 0.9}, ("accuracy 0.790 is below 0.8",)),
        ({"accuracy": 0.9}, ("f1 was not measured",)),
        ({"accuracy": float("nan"), "f1": 0.9}, ("accuracy nan is below 0.8",)),
    ],
)
def test_a_gate_says_what_was_missed(metrics, missed):
    assert Gate({"accuracy": 0.8, "f1": 0.8}).missed(metrics) == missed


def logged(accuracy, name="model"):
    """A registered version of a small model."""
    import mlflow
    import pandas as pd
    from mlflow.models import infer_signature
    from sklearn.linear_model import LogisticRegression

    rows = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0]})
    model = LogisticRegression().fit(rows, [0, 0, 1, 1])
    with mlflow.start_run() as run:
        mlflow.log_metric("accuracy", accuracy)
        info = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(rows, model.predict(rows)),
            pip_requirements=["scikit-learn"],
            registered_model_name=name,
        )
    return run.info.run_id, str(info.registered_model_version)


@pytest.mark.slow
def test_a_version_is_promoted_by_the_gate_and_rolled_back(served):
    from mlflow import MlflowClient

    client, gate = MlflowClient(), Gate({"accuracy": 0.8})
    (_, first), (_, second), (_, third) = logged(0.85), logged(0.9), logged(0.7)
    tracking.promote(client, "model", first, gate)
    with pytest.raises(PipelineError, match="no way back"):
        tracking.roll_back(client, "model")
    tracking.promote(client, "model", second, gate)
    with pytest.raises(PipelineError, match="version 3 is not promoted: accuracy 0.700 is below"):
        tracking.promote(client, "model", third, gate)
    assert client.get_model_version_by_alias("model", "champion").version == second
    assert tracking.roll_back(client, "model") == first
    assert client.get_model_version_by_alias("model", "champion").version == first


@pytest.mark.slow
def test_a_run_of_ours_and_one_of_mlflow_point_at_each_other(served, tmp_path):
    from mlflow import MlflowClient

    pipeline = Pipeline("training")
    pipeline.task(lambda: 0.9, name="train")
    run = Run(pipeline, tmp_path / "run")
    run.run_all()
    run.close()
    run_id, _ = logged(run.outputs["train"], "pointed")
    tracking.point_at(run.record, run_id, run.folder)
    assert tracking.run_id_of(run.folder) == run_id
    tags = MlflowClient().get_run(run_id).data.tags
    assert tags[tracking.FOLDER] == str(run.folder)
    listed = MlflowClient().list_artifacts(run_id, "workbench")
    assert [file.path for file in listed] == ["workbench/record.jsonl"]


@pytest.mark.slow
def test_a_port_that_is_taken_meanwhile_is_changed_for_another(monkeypatch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        ports = iter([other.getsockname()[1], free_port()])
        monkeypatch.setattr(tracking, "free_port", lambda: next(ports))
        server = tracking.served(tmp_path)
        server.close()
    assert next(ports, None) is None


def test_a_run_without_one_is_told(tmp_path):
    with pytest.raises(PipelineError, match="no MLflow run belongs to it"):
        tracking.run_id_of(tmp_path)
