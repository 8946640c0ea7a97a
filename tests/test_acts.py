"""Places where the reader acts: untouched, right and wrong, on what really ran."""

from argparse import ArgumentParser

import nbformat
import pytest
from typer.testing import CliRunner

from workbench import Pipeline, PipelineError, Run, aim, expect, predict, progress, run, step
from workbench.cli.app import app
from workbench.course.executions import execute


def three():
    pipeline = Pipeline("three")

    @pipeline.task
    def load():
        return 1

    @pipeline.task(retries=1)
    def fit(load):
        return load + 1

    @pipeline.task
    def report(fit):
        return fit

    return pipeline


def test_an_open_prediction_asks_and_runs_nothing(home):
    answer = predict(three(), {"fit": "failed", "report": ...}, after={"fit": "raise"})
    assert repr(answer) == (
        "✎ In which state does each end after a failure is put into fit (raise): fit, report? "
        "Write it in place of ..."
    )
    assert not list(home.rglob("record.jsonl"))


def test_a_right_prediction_is_told_and_kept():
    answer = predict(three(), {"fit": "failed", "report": "upstream_failed"}, {"fit": "raise"})
    assert repr(answer) == "✓ as you said: fit failed, report upstream_failed"
    assert "right answers in the lessons: 1" in repr(progress())


def test_a_wrong_prediction_shows_the_first_difference_in_the_record():
    answer = predict(three(), {"report": "pending", "fit": "success"}, {"fit": "raise"})
    assert answer.icon == "✗"
    assert answer.text.startswith(
        "0 of 2 as you said. First difference: fit is failed, not success. fit failed (event "
    )
    assert "right answers" not in repr(progress())


def test_what_was_right_once_stays_right():
    right, wrong = {"report": "success"}, {"report": "failed"}
    assert [predict(three(), said).icon for said in (wrong, right, wrong)] == ["✗", "✓", "✗"]
    assert "right answers in the lessons: 1" in repr(progress())


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ({"fits": ...}, "'fits' is not a task of this graph"),
        ({"fit": "broken"}, "'broken' is no state to end in"),
        ({}, "no task to say anything of"),
    ],
)
def test_what_cannot_be_predicted_is_refused_in_a_line(states, words):
    with pytest.raises(PipelineError, match=words):
        predict(three(), states)


@pytest.mark.parametrize(
    ("answer", "right", "text"),
    [
        (..., lambda: 1 / 0, "✎ How many?"),
        (2, 2, "✓ 2, as you said"),
        (2, lambda: 3, "✗ you said 2, and 3 is right"),
        ({"a"}, {"a"}, "✓ {'a'}, as you said"),
        ("x", 3, "✗ you said 'x', and 3 is right"),
        (["a"], {"a"}, "✓ {'a'}, as you said"),
        ([1, 2], (1, 2), "✓ (1, 2), as you said"),
        ((1, 2), [1, 2], "✓ [1, 2], as you said"),
        ([1, 2], {1}, "✗ you said {1, 2}, and {1} is right"),
        ([{}], {"a"}, "✗ you said [{}], and {'a'} is right"),
        ("ab", {"a"}, "✗ you said 'ab', and {'a'} is right"),
    ],
)
def test_what_was_worked_out_is_compared(answer, right, text):
    assert repr(expect("How many?", answer, right)) == text


def test_what_was_written_is_put_to_use_before_it_is_compared(capsys):
    assert repr(expect("Write 2.", "2", 2, by=int)) == "✓ 2, as it should be"
    assert repr(expect("Write 2.", "3", 2, by=int)) == "✗ it gives 3, and 2 is right"
    parser = ArgumentParser("settings")
    refused = repr(expect("Write no argument.", ["--x"], 2, by=parser.parse_args))
    assert refused == "✗ what you wrote is refused: unrecognized arguments: --x"
    assert capsys.readouterr().err == ""
    raised = repr(expect("Write 2.", "two", 2, by=int))
    assert raised.startswith("✗ what you wrote raised ValueError: invalid literal")
    assert expect("Write 2.", ..., 2, by=int).icon == "✎"


def test_a_table_is_compared_as_a_whole():
    table = pytest.importorskip("pandas").DataFrame({"a": [1, 2]})
    assert expect("Which?", table.copy(), table).icon == "✓"
    assert expect("Which?", table + 1, table).icon == "✗"


def test_an_aim_is_reached_in_the_panel_without_touching():
    panel = step(three())
    question = "Make report end upstream_failed without touching it."
    wanted = {"report": "upstream_failed"}
    assert aim(question, panel, wanted, ("report",)).icon == "✎"
    panel.run.inject("report", "raise")
    panel.run.run_all()
    assert aim(question, panel, wanted, ("report",)).text.startswith("report was to be left alone")


def test_an_aim_is_told_how_far_it_is():
    execution = Run(three())
    execution.inject("fit", "raise")
    execution.step()
    wanted = {"load": "success", "report": "upstream_failed"}
    assert aim("Break it.", execution, wanted).text.startswith(
        "1 of 2 as wanted. First difference: report is pending, not upstream_failed. report "
    )
    execution.run_all()
    reached = repr(aim("Break it.", execution.record, wanted))
    assert reached == "✓ as wanted: load success, report upstream_failed"


def test_a_gradebook_in_trouble_spoils_no_answer(home):
    home.mkdir()
    (home / "gradebook.sqlite").write_text("not a database, and long enough to be read as one" * 9)
    answer = expect("How many?", 2, 2)
    assert answer.icon == "✓"
    assert "(not kept: " in answer.text


def test_an_answer_is_shown_with_its_sign_and_escaped():
    html = expect("<b>?", "<i>", "<i>")._repr_mimebundle_()[0]["text/html"]
    assert "✓" in html
    assert "<i>" not in html


def notebook(path, blank, **sources):
    cells = [
        nbformat.v4.new_code_cell("seed = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("from workbench import expect"),
        nbformat.v4.new_code_cell(blank, metadata={"tags": ["act"], "workbench": sources}),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


BLANK = 'answer = ...\nexpect("How many?", answer, 2)'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filled", "wrong", "error"),
    [
        ("2", "3", None),
        (
            "1",
            "3",
            "cell [5] was to be answered with ✓, and was with: ✗ you said 1, and 2 is right",
        ),
        ("2", "2", "cell [4] was to be answered with ✗, and was with: ✓ 2, as you said"),
    ],
)
def test_acting_in_a_notebook_is_proved(tmp_path, filled, wrong, error):
    sources = {"filled": BLANK.replace("...", filled), "wrong": BLANK.replace("...", wrong)}
    path = notebook(tmp_path / "a.ipynb", BLANK, **sources)
    assert execute(path, tmp_path / "out.ipynb", acts=True).error == error
    assert execute(path, tmp_path / "out.ipynb").error is None


def test_outputs_of_answered_places_are_not_stored(tmp_path):
    path = notebook(tmp_path / "a.ipynb", BLANK)
    result = CliRunner().invoke(app, ["run", str(path), "--update", "--acts"])
    assert "leave --seed and --acts away" in str(result.exception)


def test_a_record_can_be_asked_as_well():
    assert aim("Run it.", run(three()), {"report": "success"}).icon == "✓"
