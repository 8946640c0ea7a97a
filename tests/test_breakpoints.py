"""Where a run halts by itself, what is watched along it, and going on with edited code."""

import pytest

from workbench import Pipeline, PipelineError, Record, Run, things_in, why


def chain(double=lambda one: one * 2):
    pipeline = Pipeline("p")

    @pipeline.task
    def one():
        return 1

    pipeline.task(double, name="double")

    @pipeline.task
    def last(double):
        return double + 1

    @pipeline.task
    def aside(one):
        return "beside"

    return pipeline


@pytest.fixture
def execution():
    run = Run(chain())
    yield run
    run.close()


def test_before_a_task_the_run_halts_and_then_goes_on(execution):
    execution.breakpoint("double")
    assert execution.breakpoints == {"double": "before double"}
    execution.run_all()
    assert execution.halted == "before double"
    assert execution.states["one"] == "success"
    assert execution.states["double"] == "pending"
    execution.run_all()
    assert (execution.halted, execution.record.state) == (None, "success")
    execution.retry("double")
    execution.run_all()
    assert execution.halted == "before double"
    execution.breakpoint("double", None)
    execution.run_all()
    assert execution.record.state == "success"


def test_a_step_passes_a_breakpoint(execution):
    execution.breakpoint("one")
    assert execution.step() == "one"


@pytest.mark.parametrize(
    ("when", "halted"),
    [
        ("after", "after one"),
        ("value == 1", "after one: value == 1"),
        (lambda value: value == 1, "after one, on a condition"),
        ("value == 2", None),
        ("failure", None),
        ("value.rows", "cannot be told: AttributeError"),
    ],
)
def test_after_a_task_and_on_its_output(execution, when, halted):
    execution.breakpoint("one", when)
    execution.run_all()
    assert halted in execution.halted if halted else execution.halted is None
    assert (execution.record.state == "success") == (halted is None)
    execution.run_all()
    assert execution.record.state == "success"


def test_on_failure_of_any_attempt(execution):
    execution.breakpoint("double", "failure")
    execution.inject("double", "raise once")
    execution.run_to("one")
    execution.run_all()
    assert execution.halted == "failure of double"
    execution.retry("double")
    execution.run_all()
    assert execution.halted is None


def test_what_is_no_condition_is_refused_in_a_line(execution):
    with pytest.raises(PipelineError, match="'value >' is no expression.*before, after, failure"):
        execution.breakpoint("one", "value >")
    with pytest.raises(PipelineError, match="'two' is not a task"):
        execution.breakpoint("two")
    with pytest.raises(PipelineError, match="'double >' is no expression"):
        execution.run_until("double >")
    with pytest.raises(PipelineError, match="is no expression"):
        execution.watch("1 +")


@pytest.mark.parametrize("condition", ["double > 1", lambda outputs: outputs["double"] > 1])
def test_a_run_goes_on_until_a_condition_over_outputs(condition):
    execution = Run(chain(), jobs=1)
    execution.run_until(condition)
    assert execution.halted == "until the condition held"
    assert (execution.states["double"], execution.states["last"]) == ("success", "pending")
    execution.run_until("last > 100")
    assert (execution.halted, execution.record.state) == (None, "success")
    execution.close()


def test_watched_values_along_the_run(execution):
    execution.watch("one + double")
    execution.watch("len(aside)")
    execution.run_all()
    values = execution.watched["one + double"]
    assert [value for _, value in values] == ["not there yet", "3"]
    assert values[1][0] == execution.record.last("double", "succeeded").seq
    execution.retry("double")
    assert execution.watched["one + double"][-1][1] == "not there yet"
    assert execution.watched["len(aside)"][-1][1] == "6"


def test_edited_code_goes_on_with_what_is_finished(execution):
    execution.inject("last", "raise")
    execution.run_all()
    assert execution.reload(chain()) == ()
    assert execution.states["double"] == "success"
    assert execution.injections == {"last": "raise"}
    assert execution.reload(chain(lambda one: one * 20)) == ("double",)
    states = {"one": "success", "double": "pending", "last": "pending", "aside": "success"}
    assert execution.states == states
    assert execution.record.graph.notes["double"]["changed"] == "since it ran first"
    assert "last is stale" in why(execution.record, "last")
    execution.retry("last")
    execution.run_all()
    assert execution.outputs["last"] == 21
    assert [len(execution.record.attempts(task)) for task in ("one", "double")] == [1, 2]
    execution.close()
    assert Record.load(execution.folder).state == "success"


def test_a_task_that_came_is_run_and_one_that_is_gone_is_refused(execution):
    execution.run_all()
    grown = chain()

    @grown.task
    def report(last, aside):
        return f"{last} {aside}"

    assert execution.reload(grown) == ()
    execution.run_all()
    assert execution.outputs["report"] == "3 beside"
    with pytest.raises(PipelineError, match=r"gone since: report, last → report, aside → report"):
        execution.reload(chain())
    assert execution.outputs["report"] == "3 beside"


DAG = """
from airflow.sdk import DAG, task

with DAG("edited", schedule=None):

    @task
    def one():
        return 1

    @task
    def double(one):
        return one * 2

    @task
    def last(double):
        return double + 1

    last(double(one()))
"""


@pytest.mark.slow
@pytest.mark.usefixtures("airflow_home")
def test_a_file_of_airflow_is_edited_between_two_steps(tmp_path):
    path = tmp_path / "edited.py"
    path.write_text(DAG)
    execution = Run(things_in(path)["edited"])
    execution.run_to("double")
    path.write_text("# moved by a line\n" + DAG)
    assert execution.reload(things_in(path)["edited"]) == ()
    path.write_text(DAG.replace("one * 2", "one * 20"))
    assert execution.reload(things_in(path)["edited"]) == ("double",)
    execution.run_all()
    assert execution.outputs["last"] == 21
    assert len(execution.record.attempts("one")) == 1
    execution.close()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (lambda run: run.run_until(5), "5 is neither an expression nor a function"),
        (lambda run: run.run_until("doubel > 1"), "nothing here is called doubel"),
        (lambda run: run.watch(5), "5 is neither an expression nor a function"),
        (lambda run: run.watch("last + lost"), "nothing here is called lost"),
        (lambda run: run.breakpoint("one", "Before"), "nothing here is called Before"),
        (lambda run: run.breakpoint("one", 3), "3 is neither an expression nor a function"),
        (lambda run: run.back("first"), "there is no event 'first'"),
        (lambda run: run.back(0.5), "there is no event 0.5"),
        (lambda run: run.fork([1]), r"outputs is a dictionary, task → value, and this is \[1\]"),
        (lambda run: Run(chain(), stand_in="one=1"), "stand_in is a dictionary, task → value"),
        (lambda run: run.step(3), "3 is not a task of this graph"),
    ],
)
def test_what_is_no_command_is_a_line_and_changes_nothing(execution, command, told):
    with pytest.raises(PipelineError, match=told):
        command(execution)
    execution.run_all()
    assert execution.record.state == "success"


def test_a_condition_may_ask_for_outputs_inside_a_comprehension(execution):
    execution.watch("[aside for _ in range(one)]")
    execution.run_until("all(double > n for n in [one, one])")
    assert execution.halted == "until the condition held"
    execution.run_all()
    assert [text for _, text in execution.watched["[aside for _ in range(one)]"]][
        -1
    ] == "['beside']"


def test_a_condition_that_cannot_be_told_halts_the_run(execution):
    execution.run_until("one > 'a'")
    assert execution.halted.startswith("the condition cannot be told: TypeError")
    execution.run_until(lambda outputs: 1 / 0)
    assert execution.halted == "the condition cannot be told: ZeroDivisionError: division by zero"
