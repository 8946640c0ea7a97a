"""What is wrong with a job is one line; what Dagster keeps of a run is there."""

import dagster as dg
import pytest
from dagster_jobs import STYLES, one

from workbench import PipelineError, Run
from workbench.engines.files import things_in
from workbench.engines.registry import engine_for, graph_of

pytestmark = pytest.mark.usefixtures("airflow_home")


def refused(action):
    with pytest.raises(PipelineError) as error:
        action()
    assert "\n" not in str(error.value)
    return str(error.value)


@dg.job
def empty():
    pass


@dg.job
def wants_configuration():
    STYLES["a_configuration"]()[0].graph.nodes[0].definition()


@dg.op
def unfed(number):
    return number


@dg.job
def wants_a_number(number):
    unfed(number)


THINGS = [
    (one, "OpDefinition cannot be run by itself"),
    (empty, "has no ops"),
    (dg.define_asset_job("later"), "UnresolvedAssetJobDefinition cannot be run by itself"),
    ([dg.AssetSpec("elsewhere")], "none of these assets is made here"),
    ([dg.asset(name="a")(lambda: 1), one], "OpDefinition among assets"),
    (dg.Definitions(), "hold no job"),
    (dg.Definitions(jobs=[empty, wants_a_number]), "several jobs (empty, wants_a_number)"),
    (dg.Definitions(jobs=[empty, STYLES["chain"]().graph.to_job(name="empty")]), "empty"),
]


@pytest.mark.parametrize(("thing", "words"), THINGS, ids=[words for _, words in THINGS])
def test_what_cannot_be_run_is_refused_in_a_line(thing, words):
    assert words in refused(lambda: engine_for(thing))


PARAMETERS = [
    (wants_a_number, {}, "number"),
    (wants_a_number, {"numbr": 1}, "'numbr': job 'wants_a_number' takes number, run_config"),
    (wants_configuration, {}, "config"),
    (wants_configuration, {"run_config": {"ops": {"scaled": {"config": {"rate": "x"}}}}}, "rate"),
    (STYLES["a_job_of_partitions"]()[0], {"partition_key": "yesterday"}, "yesterday"),
]


@pytest.mark.parametrize(("job", "parameters", "words"), PARAMETERS)
def test_parameters_that_do_not_fit_are_refused_in_a_line(job, parameters, words, tmp_path):
    assert words in refused(lambda: Run(job, tmp_path / "run", **parameters))
    assert not (tmp_path / "run").exists()


def test_a_run_and_its_re_execution_stand_in_dagsters_own_database(tmp_path, monkeypatch):
    monkeypatch.setenv("STYLE_FOLDER", str(tmp_path))
    run = Run(STYLES["an_io_manager"](), tmp_path / "run")
    run.inject("repeat", "raise")
    run.run_all()
    assert run.words("repeat") == "FAILURE"
    run.retry("repeat")
    run.run_all()
    run.close()
    assert run.outputs["repeat"] == "11"  # from the author's I/O manager, which loads text
    instance = dg.DagsterInstance.get()
    again, first = instance.get_runs(limit=2)
    assert (first.status.value, again.status.value) == ("FAILURE", "SUCCESS")
    assert (again.parent_run_id, again.root_run_id) == (first.run_id, first.run_id)
    assert again.step_keys_to_execute == ["repeat"]
    stats = {stat.step_key: stat for stat in instance.get_run_step_stats(again.run_id)}
    attempt = run.record.attempts("repeat")[-1]
    assert attempt.duration == pytest.approx(
        stats["repeat"].end_time - stats["repeat"].start_time, abs=1e-4
    )


def test_a_fork_reaches_an_authors_io_manager(tmp_path, monkeypatch):
    monkeypatch.setenv("STYLE_FOLDER", str(tmp_path))
    run = Run(STYLES["an_io_manager"](), tmp_path / "run")
    run.run_all()
    fork = run.fork({"one": "ab"}, tmp_path / "fork")
    fork.run_all()
    assert (run.outputs["repeat"], fork.outputs["repeat"]) == ("11", "abab")
    fork.close()
    run.close()


def test_a_fork_with_other_mapping_keys_has_other_instances(tmp_path):
    run = Run(STYLES["dynamic_and_collected"](), tmp_path / "run")
    run.run_all()
    assert run.outputs["total"] == 9
    fork = run.fork({"three_numbers": {"a": 10, "b": 20}}, tmp_path / "fork")
    fork.run_all()
    assert fork.outputs["total"] == 32
    assert (fork.record.state, fork.states["increment[2]"]) == ("success", "skipped")
    wrong = run.fork({"three_numbers": 5}, tmp_path / "wrong")
    assert "by mapping key" in refused(wrong.run_all)
    for one_run in (wrong, fork, run):
        one_run.close()


def test_hooks_and_logs_are_dagsters(tmp_path, monkeypatch):
    monkeypatch.setenv("STYLE_FOLDER", str(tmp_path))
    run = Run(STYLES["hooks"](), tmp_path / "run")
    run.run_all()
    assert {path.name for path in tmp_path.glob("done-*")} == {"done-one", "done-increment"}
    run.close()
    run = Run(STYLES["an_op_that_yields"](), tmp_path / "yielding")
    run.run_all()
    log = (run.folder / "logs" / "yields" / "1.txt").read_text()
    assert "INFO: about to yield" in log
    assert "Materialized value table" in log
    run.close()


def test_schedules_policies_and_checks_are_noted_in_the_graph():
    notes = graph_of(STYLES["definitions"]()).notes
    assert notes["raw"]["schedule"] == "0 2 * * * (each_night)"
    assert graph_of(STYLES["retried_by_a_policy"]()).notes["flaky"]["retries"] == "3"
    assert graph_of(STYLES["checked_assets"]()).notes["prices"]["checks"] == "positive"


FILES = {
    "jobs": ("import dagster as dg\n@dg.op\ndef a(): pass\n@dg.job\ndef j(): a()\n", ["j"]),
    "a graph of a job": (
        "import dagster as dg\n@dg.op\ndef a(): pass\n@dg.graph\ndef g(): a()\nj = g.to_job()\n"
        "@dg.graph\ndef h(): a()\n",
        ["h", "j"],
    ),
    "assets": ("from dagster import asset\n@asset\ndef a(): ...\n@asset\ndef b(a): ...\n", ["f"]),
    "an asset job": (
        "from dagster import asset, define_asset_job\n@asset\ndef a(): ...\n"
        "nightly = define_asset_job('nightly')\n",
        ["nightly"],
    ),
    "definitions": (
        "from dagster import *\n@op\ndef a(): pass\n@job\ndef j(): a()\n@job\ndef k(): a()\n"
        "defs = Definitions(jobs=[j, k])\n",
        ["j", "k"],
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_a_file_holds_is_found(kind, tmp_path):
    text, names = FILES[kind]
    (tmp_path / "f.py").write_text(text)
    things = things_in(tmp_path / "f.py")
    assert sorted(things) == names
    assert all(graph_of(thing).tasks for thing in things.values())


def test_a_file_with_ops_only_is_told(tmp_path):
    (tmp_path / "f.py").write_text("import dagster\n@dagster.op\ndef a(): pass\n")
    assert "no job, graph, asset" in refused(lambda: things_in(tmp_path / "f.py"))
