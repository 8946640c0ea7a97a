"""Overhead per task of a state machine's run, record on disk included, beside plain moto."""

import json
import statistics
import time

from workbench import Run, start
from workbench.engines.stepfunctions import StateMachine

TASKS, ROUNDS = 20, 5


def machine() -> dict:
    """A chain of states that pass their input on, so that both sides run the same."""
    way = {f"s{n}": {"Type": "Pass", "Next": f"s{n + 1}"} for n in range(TASKS)}
    return {"StartAt": "s0", "States": way | {f"s{TASKS}": {"Type": "Pass", "End": True}}}


def workbench_run() -> None:
    run = Run(StateMachine(machine()))
    run.run_all()
    run.close()
    assert run.record.state == "success"


def moto_run() -> None:
    import boto3
    from moto import mock_aws

    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        client = boto3.client("stepfunctions", region_name="us-east-1", **keys)
        made = client.create_state_machine(
            name="m", definition=json.dumps(machine()), roleArn="arn:aws:iam::123456789012:role/x"
        )
        arn = client.start_execution(stateMachineArn=made["stateMachineArn"])["executionArn"]
        while (status := client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
            time.sleep(0.001)
        assert status == "SUCCEEDED"


def milliseconds(call) -> float:
    """Median wall milliseconds per state over the rounds, after a warm-up."""
    call()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) / TASKS * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    start()
    ours, plain = milliseconds(workbench_run), milliseconds(moto_run)
    print(f"{TASKS} states, milliseconds per state, median of {ROUNDS}")
    print(f"  workbench {ours:.1f}   plain moto {plain:.1f}   over it {ours - plain:.1f} (≤ 150)")
