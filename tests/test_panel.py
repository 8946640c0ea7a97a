"""The panel without a screen: what its buttons mean, what it shows, how it forks and resumes."""

import threading
import time
from pathlib import Path

import pytest

from workbench import Pipeline, PipelineError, Run, draw, panel, step
from workbench.panel import assets
from workbench.panel.controls import TIPS, moment_before
from workbench.picture import LOOK, image

BUTTONS = list(TIPS)


def press(shown, name):
    assert name not in shown.blocked, f"{name}: {shown.blocked[name]}"
    tell(shown, press=name)


def tell(shown, **message):
    """What a click, a key or a choice in the browser sends, and wait until it is done."""
    shown.told(**message)
    shown.wait(150)


def enabled(shown):
    return [name for name in BUTTONS if name not in shown.blocked]


def states(shown):
    return dict(zip(shown.names, shown.states, strict=True))


def heard(condition, seconds=150):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.01)


@pytest.fixture
def hanging():
    """One task that runs until it is let go."""
    pipeline, free = Pipeline("hanging"), threading.Event()
    pipeline.task(lambda: free.wait(300), name="wait")
    yield pipeline
    free.set()


def test_a_fresh_panel_offers_what_can_be_done(training):
    assert enabled(step(training)) == ["Step", "Run to here", "Run all", "Inject failure"]


def test_a_button_that_is_off_says_why(training):
    shown = step(training)
    assert shown.blocked == {
        "Stop": "Nothing is running",
        "Back": "This is the beginning",
        "Retry": "collect has not run yet",
        "Reset": "Nothing has happened yet",
        "Resume": "No earlier run was left half-way",
    }


def test_step_runs_one_task_and_selects_it(training):
    shown = step(training)
    press(shown, "Step")
    press(shown, "Step")
    assert states(shown) == {
        "collect": "success",
        "clean": "success",
        **dict.fromkeys(("fit", "describe"), "pending"),
    } | {"report": "pending"}
    assert shown.task == "clean"
    assert shown.ready == ["fit", "describe"]
    assert shown.content == {"value": "<pre>[1, 2, 3]</pre>"}


def test_step_takes_the_selected_task_when_it_is_ready(training):
    shown = step(training)
    tell(shown, select="clean")
    press(shown, "Run to here")
    tell(shown, select="describe")
    press(shown, "Step")
    assert states(shown)["describe"] == "success"
    assert states(shown)["fit"] == "pending"


def test_run_to_here_needs_a_task_that_has_not_ended(training):
    shown = step(training)
    tell(shown, select="fit")
    press(shown, "Run to here")
    assert states(shown)["describe"] == "pending"
    assert shown.blocked["Run to here"] == "fit has ended: Retry clears it"


def test_an_injected_failure_is_marked_felt_and_lifted_by_retry(training):
    shown = step(training)
    tell(shown, select="clean")
    press(shown, "Inject failure")
    assert shown.marks == {"clean": "⚡ raise"}
    assert shown.captions == {"Inject failure": "Lift failure"}
    press(shown, "Run all")
    assert states(shown)["clean"] == "failed"
    assert states(shown)["report"] == "upstream_failed"
    assert "InjectedFailure: injected into 'clean'" in shown.headline["error"]
    press(shown, "Retry")
    assert shown.marks == {}
    press(shown, "Run all")
    assert shown.run.record.state == "success"


def test_a_failure_can_be_lifted_before_it_is_felt(training):
    shown = step(training)
    press(shown, "Inject failure")
    press(shown, "Inject failure")
    assert shown.run.injections == {}


@pytest.mark.parametrize("how", ["raise", "raise once", "hang", "corrupt output", "kill"])
def test_every_way_to_fail_can_be_chosen(training, how):
    shown = step(training)
    tell(shown, choose=["Way to fail", how])
    press(shown, "Inject failure")
    assert shown.run.injections == {"collect": how}


def test_back_undoes_one_attempt_and_acting_goes_on_from_there(training):
    shown = step(training)
    press(shown, "Run all")
    at = {
        "collect": "success",
        "clean": "success",
        "fit": "pending",
        "describe": "pending",
        "report": "pending",
    }
    for _ in range(3):
        press(shown, "Back")
    assert states(shown)["report"] == "pending"
    assert shown.moment["back"]
    while moment_before(shown.run) is not None:
        press(shown, "Back")
    assert set(states(shown).values()) == {"pending"}
    assert shown.blocked["Back"] == "This is the beginning"
    tell(shown, select="clean")
    press(shown, "Run to here")
    assert states(shown) == at


def test_the_slider_shows_any_moment_and_its_end_is_now(training):
    shown = step(training)
    press(shown, "Run all")
    length = len(shown.run.record)
    assert (shown.moment["seq"], shown.moment["last"]) == (length - 1, length - 1)
    for seq in (-1, 4, length - 1):
        tell(shown, moment=seq)
        assert states(shown) == shown.run.record.states(seq)
        assert shown.moment["seq"] == seq
        assert (shown.until is None) == (seq == length - 1)


def test_events_come_in_batches():
    many = Pipeline("many")
    for number in range(300):
        many.task(lambda: 1, name=f"t{number}")
    shown, sent = step(many), []
    shown.observe(lambda change: sent.append(change.new), "states")
    press(shown, "Run all")
    assert states(shown) == dict.fromkeys(many.tasks, "success")
    assert len(shown.bars) == 300
    assert len(sent) < len(shown.run.record) / 2


def test_a_run_that_a_cell_drives_is_shown_too(training):
    execution = Run(training)
    shown = step(execution)
    execution.run_to("clean")
    heard(lambda: states(shown)["clean"] == "success" and "Step" in enabled(shown))


def test_two_panels_show_one_run(training):
    execution = Run(training)
    one, other = step(execution), step(execution)
    press(one, "Step")
    heard(lambda: states(other)["collect"] == "success")


def test_a_long_task_leaves_the_kernel_free_and_stops_at_once(hanging):
    shown = step(hanging)
    shown.told(press="Run all")  # returns, though the task does not end by itself
    heard(
        lambda: states(shown)["wait"] == "running" and enabled(shown) == ["Stop", "Inject failure"]
    )
    heard(lambda: "▶ wait for" in shown.title["note"])
    assert shown.held
    with pytest.raises(TimeoutError, match="still running after 0.1 s"):
        shown.wait(0.1)
    press(shown, "Stop")
    assert states(shown)["wait"] == "failed"
    assert "stopped" in shown.headline["error"]


def test_a_mistake_is_said_and_not_lost(training, monkeypatch):
    shown = step(training)
    monkeypatch.setattr(shown.run, "step", lambda task: 1 / 0)
    press(shown, "Step")
    assert shown.message == "ZeroDivisionError: division by zero"
    press(shown, "Run all")
    assert shown.message == ""


def test_reset_begins_again(training):
    shown = step(training, rows=3)
    press(shown, "Run all")
    first = shown.run
    press(shown, "Reset")
    assert shown.run is not first
    assert shown.run.parameters == {"rows": 3}
    assert set(states(shown).values()) == {"pending"}
    press(shown, "Run all")
    assert first.record.state == shown.run.record.state == "success"


def test_resume_goes_on_with_the_latest_run_that_was_left(training):
    before = step(training)
    tell(before, select="clean")
    press(before, "Run to here")
    before.run.close()
    shown = step(training)
    press(shown, "Resume")
    assert shown.run.folder == before.run.folder
    assert states(shown)["clean"] == "success"
    press(shown, "Run all")
    assert [len(shown.run.record.attempts(task)) for task in training.tasks] == [1] * 5
    assert "Resume" not in enabled(step(training))


def test_resume_passes_by_runs_of_another_graph_and_runs_that_are_open(training):
    step(training).told(press="Step")
    other = Pipeline("training")
    other.task(lambda: 1, name="alone")
    left = Run(other)
    left.inject("alone", "raise")
    left.close()
    assert step(training).run.unfinished() is None
    assert step(other).run.unfinished() == left.folder


def test_every_state_has_its_look_in_the_panel(training):
    assert step(training).look == {state: list(look) for state, look in LOOK.items()}


def test_without_a_browser_there_is_a_picture_and_a_sentence(training):
    (first, told), (second, _) = (step(training)._repr_mimebundle_() for _ in range(2))
    assert first["text/html"] == second["text/html"] == image(draw(Run(training)).svg)
    assert (
        first["text/plain"]
        == "Panel of training: 0 of 5 tasks finished; open in JupyterLab to steer it."
    )
    assert "application/vnd.jupyter.widget-view+json" in first
    assert told["workbench"] == {"run": "session/1/runs/training-1"}


def test_parameters_of_a_run_cannot_be_given_again(training):
    with pytest.raises(PipelineError, match="has its parameters already; make a new one for rows"):
        step(Run(training), rows=3)


def test_the_script_and_the_style_come_with_the_package():
    folder = Path(panel.__file__).parent
    parts = {f"{name}.js" for name in (*assets.PARTS, *assets.WIDGET, *assets.PAGE)}
    assert parts <= {path.name for path in (folder / "script").iterdir()}
    assert (folder / "panel.css").is_file()
