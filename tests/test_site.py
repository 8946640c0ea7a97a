"""The course as pages: what a notebook becomes without a kernel, and what of a style is kept."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from typer.testing import CliRunner

from workbench import PipelineError
from workbench.cli.app import app
from workbench.course.executions import execute
from workbench.course.outputs import store
from workbench.site.lesson import played, shown
from workbench.site.publishing import MARK, refuse
from workbench.site.slimming import slimmed

THREE = """
from workbench import Pipeline, predict, start, step
start(seed=7)
three = Pipeline("three")
three.task(lambda: 1, name="load")
three.task(lambda load: 2, name="fit");
"""
ACT = 'predict(three, {"fit": %s, "load": %s}, after={"fit": "raise"})'


@pytest.fixture
def executed(tmp_path):
    """A notebook with a prediction and two panels, executed with what a reader does."""
    answers = {
        "filled": ACT % ('"failed"', '"success"'),
        "wrong": ACT % ('"success"', '"failed"'),
    }
    act = new_code_cell(ACT % ("...", "..."))
    act.metadata |= {"tags": ["act"], "workbench": answers}
    cells = [new_code_cell(THREE), act, new_code_cell("panel = step(three)\npanel")]
    cells += [new_code_cell("panel.run.step()"), new_code_cell("step(three)")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "book.ipynb")
    copy = tmp_path / "out" / "book.ipynb"
    assert execute(tmp_path / "book.ipynb", copy, acts=True).error is None
    return copy


def pages_of(copy):
    return sorted(path.name for path in copy.with_suffix(".runs").iterdir())


def test_runs_that_are_shown_are_kept_beside_the_copy_unless_nothing_has_happened(executed):
    assert pages_of(executed) == ["1-three-1.html", "2-three-2.html", "3-three-3.html"]
    page = (executed.with_suffix(".runs") / "3-three-3.html").read_text()
    assert '"finished"' in page
    told = [
        output.get("metadata", {}).get("workbench")
        for cell in nbformat.read(executed, 4).cells
        for output in cell.outputs
        if "data" in output
    ]
    assert [row[:3:2] for row in told[1]["ended"]] == [["fit", "failed"], ["load", "success"]]
    assert [told[3], told[-1]] == [{"page": "book.runs/3-three-3.html"}, {}]


def test_stored_outputs_tell_of_no_run(executed, tmp_path):
    copy = nbformat.read(executed, 4)
    del copy.cells[2:4]  # the acts
    nbformat.write(copy, executed)
    store(executed, tmp_path / "book.ipynb")
    assert "three-3" not in (tmp_path / "book.ipynb").read_text()


def test_a_lesson_has_players_a_prediction_to_make_and_the_answer_folded_away(executed):
    lesson = shown(nbformat.read(executed, 4), "../runs/book")
    start, blank, right, panel, _, untouched = lesson.cells
    form = blank.outputs[0].data["text/html"]
    assert "does each end after a failure is put into fit (raise): fit, load?" in form
    assert form.index("fit <select data-seq") < form.index("load <select data-seq")
    assert "fit failed (event" in form
    assert "hide-cell" in right.metadata.tags
    assert "as you said" in right.outputs[0].data["text/html"]
    assert 'src="../runs/book/3-three-3.html"' in panel.outputs[0].data["text/html"]
    assert 'alt="2 tasks in 2 waves: load → fit. all pending"' in str(untouched.outputs)
    assert not [cell for cell in lesson.cells if "workbench" in cell.metadata]
    assert start.outputs == []
    assert played(lesson) == ["2-three-2.html", "3-three-3.html"]


def test_what_a_notebook_says_is_no_markup():
    hostile = "a\"'<script>alert(1)</script>"
    told = {"ended": [[hostile, 3, hostile, hostile]], "page": f"x.runs/{hostile}.html"}
    blank = new_code_cell("predict", outputs=[new_output("display_data", {"text/plain": hostile})])
    blank.metadata["workbench"] = {"expected": "✎"}
    filled = new_code_cell(outputs=[new_output("display_data", {}, metadata={"workbench": told})])
    filled.metadata["workbench"] = {"expected": "✓"}
    svg = f'<svg aria-label="{hostile[1:]}"/>'
    drawn = new_code_cell(outputs=[new_output("display_data", {"image/svg+xml": svg})])
    lesson = shown(new_notebook(cells=[blank, filled, drawn]), "../runs/x")
    assert "<script" not in str([cell.outputs for cell in lesson.cells])


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        (".a{x:1} .b{x:2}", ".a{x:1}"),
        (".a,.b .c,.a .c{x:1}", ".a,.a .c{x:1}"),
        ("p:not(.b,.d){x:1}", "p:not(.b,.d){x:1}"),
        ("@media print{.b{x:1}.a{x:2}}", "@media print{.a{x:2}}"),
        ("@media print{.b{x:1}}", ""),
        ("@font-face{src:url(x)} p{x:1}", "@font-face{src:url(x)}p{x:1}"),
        (r".a\:b{x:1} .c::before{content:'\f0'}", '.c::before{content:"ð"}'),
    ],
)
def test_rules_whose_classes_nobody_has_are_left_out(style, kept):
    assert slimmed(style, {"a", "c"}) == kept


def test_a_folder_of_somebody_elses_is_never_replaced(tmp_path):
    (tmp_path / "site").mkdir()
    refuse(tmp_path / "site")
    refuse(tmp_path / "absent")
    (tmp_path / "site" / "thesis.txt").touch()
    with pytest.raises(PipelineError, match="holds something that is no site of the workbench"):
        refuse(tmp_path / "site")
    (tmp_path / "site" / MARK).touch()
    refuse(tmp_path / "site")
    with pytest.raises(PipelineError, match="name another place"):
        refuse(tmp_path / "site" / "thesis.txt")


def test_copies_that_are_missing_or_old_are_named(tmp_path, monkeypatch, request):
    root = request.config.rootpath
    monkeypatch.chdir(root)
    result = CliRunner().invoke(app, ["publish", str(tmp_path / "o"), "--from", str(tmp_path)])
    assert "no executed copy of 0-start-here.ipynb here; execute it anew: " in str(result.exception)
    nbformat.write(new_notebook(), tmp_path / "0-start-here.ipynb")
    result = CliRunner().invoke(app, ["publish", str(tmp_path / "o"), "--from", str(tmp_path)])
    assert "0-start-here.ipynb has changed since it was executed" in str(result.exception)
    assert not (tmp_path / "o").exists()
