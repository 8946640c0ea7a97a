"""State machines, each compared with what plain moto makes of it; and what is told of bad ones."""

import io
import json
import time
from types import SimpleNamespace

import pytest
import stepfunctions_machines as machines
import yaml
from stepfunctions_public import PUBLIC
from typer.testing import CliRunner

from workbench import PipelineError, Run, draw, graph_of
from workbench.cli.app import app
from workbench.engines.stepfunctions import StateMachine


class Lambda:
    """A client of Lambda that calls Python functions."""

    def __init__(self, functions):
        self.functions = functions

    def invoke(self, FunctionName, Payload):
        function = self.functions[FunctionName.removesuffix(":$LATEST").rpartition(":")[2]]
        answer = {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
        try:
            value = function(json.loads(Payload))
        except Exception as error:
            value = {
                "errorMessage": " ".join(str(error).split()),
                "errorType": type(error).__name__,
            }
            answer["FunctionError"] = "Unhandled"
        return answer | {"Payload": io.BytesIO(json.dumps(value).encode())}


@pytest.fixture
def plain(monkeypatch):
    """(definition, functions, input) → how plain moto ends, and the types of its events.

    Lambda is replaced, as it would want Docker, and delays of retries are not slept.
    """
    import boto3
    from moto import mock_aws
    from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

    monkeypatch.setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    config = {"stepfunctions": {"execute_state_machine": True}}

    def execute(definition, functions, given):
        monkeypatch.setattr(lambda_eval_utils, "boto_client_for", lambda **_: Lambda(functions))
        with mock_aws(config=config):
            client = boto3.client("stepfunctions", region_name="us-east-1")
            role = "arn:aws:iam::123456789012:role/x"
            arn = client.create_state_machine(
                name="m", definition=json.dumps(definition), roleArn=role
            )["stateMachineArn"]
            arn = client.start_execution(stateMachineArn=arn, input=json.dumps(given))
            arn = arn["executionArn"]
            while (ended := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
                time.sleep(0.005)
            events = client.get_execution_history(executionArn=arn)["events"]
        return ended, [event["type"] for event in events]

    return execute


@pytest.mark.parametrize("name", machines.MACHINES)
def test_a_machine_ends_as_it_does_in_plain_moto(name, plain, tmp_path):
    definition, functions, given = machines.made(name)
    ended, events = plain(definition, functions, given)
    definition, functions, given = machines.made(name)
    assert repr(draw(definition))

    run = Run(StateMachine(definition, functions), tmp_path / "run", parameters={"input": given})
    run.run_all()
    run.close()
    history = json.loads((run.folder / "history.json").read_text())
    assert sorted(event["type"] for event in history) == sorted(events)
    assert run.engine.ended["state"] == ended["status"]
    assert run.record.state == ("success" if ended["status"] == "SUCCEEDED" else "failed")
    if "output" in ended:
        assert run.engine.ended["output"] == json.loads(ended["output"])
    assert run.engine.ended.get("error") == ended.get("error")
    assert set(run.states.values()) <= {"success", "failed", "skipped", "upstream_failed"}


@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLIC)
def test_a_machine_as_people_publish_them_ends_as_its_label_says(name, plain, tmp_path):
    definition, functions, given, status, output = PUBLIC[name]
    ended, _ = plain(definition, functions, given)
    run = Run(StateMachine(definition, functions), tmp_path / "run", parameters={"input": given})
    run.run_all()
    run.close()
    assert run.engine.ended["state"] == status
    assert run.engine.ended.get("output") == output
    told = ended.get("output", "null")  # moto writes a text without its quotation marks
    assert (ended["status"], output if told == output else json.loads(told)) == (status, output)


def opened(name, tmp_path, **options):
    definition, functions, given = machines.made(name)
    thing = StateMachine(definition, functions, **options)
    return Run(thing, tmp_path / "run", parameters={"input": given})


def test_the_state_that_was_not_chosen_is_skipped_and_a_choice_says_what_it_chose(tmp_path):
    run = opened("accuracy is good", tmp_path)
    run.run_all()
    assert run.outputs["good?"] == "register"
    assert (run.states["tune"], run.states["give up"]) == ("skipped", "skipped")


def test_another_choice_can_be_made_in_a_fork(tmp_path):
    run = opened("accuracy is good", tmp_path)
    run.run_all()
    fork = run.fork({"good?": "tune"}, tmp_path / "fork")
    fork.run_all()
    assert (fork.states["register"], fork.states["tune"]) == ("skipped", "success")
    assert fork.outputs["tune"] == {"tuned": True}
    fork.close()


def test_a_retry_is_an_attempt_with_the_delay_that_it_would_wait(tmp_path):
    run = opened("a retry that helps", tmp_path)
    run.run_all()
    delays = [e.detail["delay"] for e in run.record.of("a") if e.kind == "retrying"]
    assert delays == [30.0, 60.0]
    assert [attempt.state for attempt in run.record.attempts("a")] == [
        "failed",
        "failed",
        "success",
    ]


def test_what_is_caught_has_failed_and_the_run_succeeds(tmp_path):
    run = opened("a catch", tmp_path)
    run.run_all()
    assert (run.states["a"], run.states["mend"], run.record.state) == ("failed",) + ("success",) * 2
    assert run.record.error("a") == "KeyError: 'x'"
    assert json.loads(run.inputs("mend")["input"]["error"]["Cause"])["errorType"] == "KeyError"


def test_each_time_that_a_loop_comes_to_a_state_is_an_instance(tmp_path):
    run = opened("a loop that polls", tmp_path)
    assert "goes back to" in run.graph.notes["ready?"]
    run.run_all()
    assert run.outputs["look[1]"] == {"left": 0}
    assert ("ready?[0]", "wait[1]") in run.graph.edges
    assert run.states["done"] == "success"


def test_a_wait_is_not_slept_and_its_length_is_told(tmp_path):
    waiting = machines.machine(w={"Type": "Wait", "Seconds": 86400, "End": True})
    run = Run(StateMachine(waiting), tmp_path / "run")
    run.run_all()
    assert run.states == {"w": "success"}
    assert "waits 86400 s" in run.log("w")


def test_a_wait_is_slept_where_that_is_wanted(tmp_path):
    waiting = machines.machine(w={"Type": "Wait", "Seconds": 1, "End": True})
    run = Run(StateMachine(waiting, real_waits=True), tmp_path / "run")
    run.run_all()
    assert run.record.attempts("w")[0].duration >= 0.9


def test_a_branch_is_stepped_and_its_retry_runs_it_anew(tmp_path):
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
    definition = machines.machine(p=machines.parallel("a", "b", Retry=retry, End=True))
    functions = {"a": machines.Unstable(1), "b": lambda event: 2}
    run = Run(StateMachine(definition, functions), tmp_path / "run", jobs=1, x=1)
    assert run.ready() == ["p/a", "p/b"]
    run.run_all()
    assert run.record.state == "success"
    assert run.outputs["p/a"] == {"x": 1}
    assert [attempt.state for attempt in run.record.attempts("p/a")] == ["failed", "success"]


def test_what_waits_for_a_token_and_an_activity_are_answered_by_functions(tmp_path):
    token = {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}
    activity = "arn:aws:states:us-east-1:123456789012:activity:label"
    states = {
        "ask": {"Type": "Task", "Resource": machines.SQS, "Parameters": token, "Next": "label"},
        "label": {"Type": "Task", "Resource": activity, "End": True},
    }
    functions = {
        "ask": lambda event: {"yes": len(event["MessageBody"]["token"]) > 9},
        "label": lambda event: {"label": event["yes"]},
    }
    run = Run(StateMachine(machines.machine(**states), functions), tmp_path / "run")
    run.run_all()
    assert run.outputs["label"] == {"label": True}


def test_what_json_cannot_say_is_told_with_the_way_out(tmp_path):
    run = Run(StateMachine(machines.machine(a=machines.task("a")), {"a": lambda event: {1}}))
    run.run_all()
    assert run.record.error("a").startswith("Runtime.MarshalError: 'a' returns what JSON cannot")


def test_a_machine_without_functions_runs_on_stand_ins(tmp_path):
    definition, _, _ = machines.made("accuracy is good")
    run = Run(definition, tmp_path / "run", stand_in={"train": {"accuracy": 0.1}})
    run.run_all()
    assert run.states["give up"] == "failed"
    assert run.record.error("give up") == "TooBad: the model guesses"


@pytest.mark.parametrize("name", ["m.asl.json", "m.asl.yaml", "m.json"])
def test_a_file_is_known_by_its_name_or_its_content(name, tmp_path):
    definition, _, _ = machines.made("a grid of nine")
    text = yaml.safe_dump(definition) if name.endswith("yaml") else json.dumps(definition)
    (tmp_path / name).write_text(text)
    assert graph_of(tmp_path / name).tasks == ("points", "each point/fit", "best")
    done = CliRunner().invoke(app, ["draw", str(tmp_path / name)])
    assert (done.exit_code, "each point" in done.output) == (0, True)


def test_a_python_file_brings_the_functions(tmp_path):
    (tmp_path / "m.asl.json").write_text(json.dumps(machines.machine(a=machines.task("a"))))
    (tmp_path / "m.py").write_text(
        "from pathlib import Path\n"
        "from workbench.engines.stepfunctions import StateMachine\n"
        "path = Path(__file__).with_name('m.asl.json')\n"
        "machine = StateMachine(path, {'a': lambda event: event['x']})\n"
    )
    command = ["run-pipeline", str(tmp_path / "m.py"), "--set", "x=5"]
    assert CliRunner().invoke(app, command).exit_code == 0


JSONATA = {"QueryLanguage": "JSONata", **machines.machine(a={"Type": "Pass", "End": True})}
READER = machines.mapped(machines.machine(a=machines.task("a")), ItemReader={}, End=True)
REFUSED = {
    "a is written in JSONata": (
        machines.machine(a={"Type": "Pass", "QueryLanguage": "JSONata", "End": True}),
        "state 'a' is written in JSONata",
    ),
    "all is written in JSONata": (JSONATA, "it is written in JSONata, which moto cannot evaluate"),
    "a reader": (machines.machine(m=READER), "Map 'm' has ItemReader"),
    "no function": (machines.machine(a=machines.task("a")), "no function stands for a; give one"),
    "no type": ({"StartAt": "a", "States": {"a": {}}}, "state 'a': its Type is None; choose from"),
    "no start": ({"StartAt": "b", "States": {}}, "the state machine: StartAt names 'b', no state"),
    "nowhere": (machines.machine(a=machines.task("a", "z")), "state 'a': Next names 'z', no state"),
    "a word that is none": (
        machines.machine(a={"Type": "Wait", "Until": 1, "End": True}),
        "cannot be read",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_run_is_refused_in_one_line(name):
    definition, words = REFUSED[name]
    with pytest.raises(PipelineError) as error:
        Run(StateMachine(definition))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_jsonata_is_drawn():
    assert graph_of(StateMachine(JSONATA)).tasks == ("a",)


def test_what_is_no_json_is_told_with_its_place(tmp_path):
    (tmp_path / "m.asl.json").write_text('{"StartAt": }')
    with pytest.raises(PipelineError, match="line 1 column 13"):
        graph_of(tmp_path / "m.asl.json")
