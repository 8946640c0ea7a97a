"""Loops: their items at once, as many as may be, and again when what they go over has changed."""

from pathlib import Path

from kubeflow_table import OK, SKIP

from workbench import Run, run


def test_items_of_a_loop_run_at_the_same_time(pipelines):
    record = run(pipelines.overlapping_loop)
    assert record.overlap([f"for-loop-2[{number}]/nap" for number in range(3)]) > 0


def test_a_limit_on_a_loop_is_kept(pipelines):
    record = run(pipelines.limited_loop)
    assert record.state == "success"
    assert record.overlap([f"for-loop-2[{number}]/nap" for number in (0, 1)]) == 0
    assert record.overlap([f"for-loop-2[{number}]/nap" for number in (1, 2)]) == 0


def test_a_loop_grows_and_shrinks_when_what_it_goes_over_is_retried(pipelines):
    running = Run(pipelines.dynamic_loop, count=3)
    running.run_all()
    shorter = running.fork({"upto": [5]})
    shorter.run_all()
    assert shorter.states["for-loop-1[0]/double"] == OK
    assert shorter.states["for-loop-1[2]/double"] == SKIP
    assert shorter.outputs["total"] == 10
    longer = running.fork({"upto": [1, 1, 1, 1]})
    longer.run_all()
    assert longer.outputs["total"] == 8
    for one in (running, shorter, longer):
        one.close()


def test_run_to_a_task_after_a_loop_runs_the_loop(pipelines):
    running = Run(pipelines.dynamic_loop, count=2)
    running.run_to("total")
    running.close()
    assert running.states["total"] == OK


def test_looking_back_shows_what_was_ready_inside_a_loop(pipelines):
    running = Run(pipelines.dynamic_loop, count=2)
    running.step()
    body = running.ready()
    assert body == ["for-loop-1[0]/double", "for-loop-1[1]/double"]
    here = len(running.record) - 1
    running.run_all()
    running.back(here)
    assert running.ready() == body
    running.step("for-loop-1[1]/double")
    assert running.states == {"upto": OK, body[0]: "pending", body[1]: OK, "total": "pending"}
    running.close()


def test_a_run_is_resumed_inside_a_loop(pipelines):
    running = Run(pipelines.dynamic_loop, count=2)
    running.step()
    running.step()
    running.close()
    again = Run.resume(running.folder, pipelines.dynamic_loop)
    assert again.states["for-loop-1[0]/double"] == OK
    again.run_all()
    assert again.outputs["total"] == 2
    again.close()


def test_a_forked_run_goes_on_with_another_file(pipelines):
    first = Run(pipelines.files, text="one")
    first.run_all()
    Path("other.csv").write_text("two")
    second = first.fork({"write": str(Path("other.csv").absolute())})
    second.run_all()
    assert second.outputs["read"] == "two"
    first.close()
    second.close()
