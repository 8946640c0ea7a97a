"""What a report contains, and that text and HTML say the same."""

import json
import re
from html import unescape

import pytest

from workbench.exercises import report as reports
from workbench.exercises.registry import exercises, find
from workbench.exercises.report import STOPPED, not_attempted, unusable
from workbench.exercises.verdict import Verdict
from workbench.sandbox.job import Observations


def assemble(problem, verdicts, **others):
    return reports.assemble(find(problem), verdicts, **others)


def verdicts(problem, **others):
    passed = {criterion.id: Verdict("passed") for criterion in find(problem).criteria}
    return passed | others


def stop(reason, stage):
    return Observations(stage, stopped=reason)


@pytest.mark.parametrize("problem", exercises())
def test_all_passed_is_passed_with_full_points(problem):
    report = assemble(problem, verdicts(problem))
    criteria = find(problem).criteria
    required = sum(criterion.points for criterion in criteria if not criterion.stretch)
    assert (report.outcome, report.exit_code, report.max_score) == ("passed", 0, required)
    assert report.score == required
    assert report.stretch == report.max_stretch == len(criteria) - required
    assert f"solutions/{problem}.ipynb" in report.as_text()


def test_json_has_exactly_the_fields_of_the_contract():
    data = json.loads(
        json.dumps(assemble("problem_3", verdicts("problem_3"), duration_s=0.2131).as_json())
    )
    assert list(data) == [
        "schema",
        "problem",
        "outcome",
        "score",
        "max_score",
        "stretch",
        "seed",
        "confinement",
        "duration_s",
        "stopped",
        "criteria",
    ]
    assert (
        data["schema"],
        data["score"],
        data["max_score"],
        data["stretch"],
        data["duration_s"],
        data["stopped"],
    ) == (
        1,
        6,
        6,
        {"score": 1, "max_score": 1},
        0.213,
        None,
    )
    fields = ["id", "title", "outcome", "points", "max_points", "stretch", "feedback"]
    assert all(list(criterion) == fields for criterion in data["criteria"])
    assert [each["id"] for each in data["criteria"] if each["stretch"]] == ["crash_safe"]


@pytest.mark.parametrize(
    ("problem", "changed", "outcome", "score"),
    [
        ("problem_3", {"doubles": "failed"}, "failed", 5),
        ("problem_3", {"crash_safe": "failed"}, "passed", 6),
        ("problem_3", {"explained": "needs_review"}, "needs_review", 5),
        ("problem_3", {"explained": "needs_review", "doubles": "failed"}, "failed", 4),
        ("problem_2", {"retries": "not_reached"}, "passed", 7),
        ("problem_1", {"order": "failed", "rerun": "failed"}, "passed", 6),
        ("problem_1", {"order": "failed", "rerun": "failed", "parallel": "failed"}, "failed", 5),
        (
            "problem_1",
            {"order": "failed", "rerun": "failed", "parallel": "needs_review"},
            "needs_review",
            5,
        ),
        ("problem_1", {"acyclic": "failed"}, "failed", 7),
        ("problem_1", {"sound": "failed"}, "failed", 7),
        ("problem_1", {"sound": "needs_review"}, "needs_review", 7),
    ],
)
def test_the_rule_for_passing(problem, changed, outcome, score):
    report = assemble(
        problem, verdicts(problem, **{name: Verdict(told) for name, told in changed.items()})
    )
    assert (report.outcome, report.score) == (outcome, score)


def test_a_stop_fails_its_criterion_and_leaves_the_later_ones():
    report = assemble(
        "problem_5",
        {"retries_until_success": Verdict("passed")},
        stopped=stop("memory", "gives_up"),
    )
    assert [each.outcome for each in report.criteria] == ["passed", "failed", *["not_reached"] * 5]
    assert (report.outcome, report.stopped, report.score) == ("failed", "memory", 1)
    assert STOPPED["memory"] in report.as_text()


def test_a_stop_somewhere_else_than_in_a_criterion_passes_nothing():
    assert assemble("problem_5", {}, stopped=stop("exit", "nowhere")).outcome == "failed"


def test_a_part_that_is_not_asked_for_is_outside_outcome_and_score():
    report = assemble(
        "problem_2",
        verdicts("problem_2", explained=Verdict("failed", "missing")),
        unasked={"prose"},
    )
    assert (report.outcome, report.max_score, report.score) == ("passed", 6, 6)
    assert report.criteria[-1].outcome == "not_reached"


def test_every_wrong_criterion_is_explained():
    wrong = {
        "gives_up": Verdict("failed", "the first thing"),
        "backoff": Verdict("failed", "the second thing"),
    }
    report = assemble("problem_5", verdicts("problem_5", **wrong))
    assert "the first thing" in report.as_text()
    assert "the second thing" in report.as_text()
    assert report.as_json()["criteria"][2]["feedback"] == "the second thing"


def words(text):
    return re.findall(r"[\w/✓✗○?]+", text)


@pytest.mark.parametrize(
    "report",
    [
        assemble("problem_3", verdicts("problem_3")),
        assemble(
            "problem_3", verdicts("problem_3", doubles=Verdict("failed", "a < b & 'c'\nnext"))
        ),
        assemble("problem_3", verdicts("problem_3", doubles=Verdict("failed", "see `a < b`"))),
        assemble("problem_3", {}, stopped=stop("time", "doubles")),
        not_attempted(find("problem_4")),
        unusable("problem_4", "no such file <x>"),
    ],
    ids=lambda report: report.outcome,
)
def test_html_says_what_the_text_says(report):
    html = report._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "color:" not in html.replace("border-left", "")
    assert sorted(words(unescape(re.sub("<[^>]+>", " ", html)))) == sorted(words(report.as_text()))


def test_code_in_what_is_said_is_code_on_the_page():
    said = Verdict("failed", "`a < b` is no *name* and ` alone is no code")
    html = assemble("problem_3", verdicts("problem_3", doubles=said)).as_html()
    assert "<code>a &lt; b</code> is no *name* and ` alone is no code" in html


def test_nothing_is_shown_that_differs_from_run_to_run():
    short, long = (
        assemble("problem_3", verdicts("problem_3"), duration_s=seconds) for seconds in (0.1, 7.5)
    )
    assert short.as_text() == long.as_text()
    assert short.as_html() == long.as_html()
