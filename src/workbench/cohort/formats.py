"""One report as a platform that runs a grader per submission reads it.

What could not be judged is not gradable there, which is not the same as 0; a criterion that is
for a person has no points yet.
"""

from collections.abc import Callable, Mapping
from html import escape

from workbench.cohort.standings import FOR_A_PERSON
from workbench.exercises.report import UNUSABLE
from workbench.exercises.verdict import NEEDS_REVIEW, PASSED
from workbench.graph import PipelineError

Rendering = Callable[[Mapping, str], dict]


def gradescope(report: Mapping, note: str) -> dict:
    """results.json: no score at all where there is none, so that the platform grades nothing."""
    tests = []
    for mark in _asked(report):
        test = {"name": _title(mark), "output": mark["feedback"]}
        if mark["outcome"] != NEEDS_REVIEW:
            points = {"score": mark["points"], "max_score": _full(mark)}
            test |= points | {"status": "passed" if mark["outcome"] == PASSED else "failed"}
        tests.append(test)
    told = {"output": note or report["outcome"], "visibility": "visible"}
    return told if report["outcome"] == UNUSABLE else told | {"tests": tests}


def classroom50(report: Mapping, note: str) -> dict:
    """result.json, whose points are whole: hundredths where a criterion has parts of a point."""
    marks = _asked(report)
    points = [value for mark in marks for value in (mark["points"], mark["max_points"])]
    times = 1 if all(float(value).is_integer() for value in points) else 100
    tests = [
        {
            "name": _title(mark),
            "passed": mark["outcome"] == PASSED,
            "score": round(times * mark["points"]),
            "max_score": round(times * _full(mark)),
            "output": mark["feedback"],
        }
        for mark in marks
    ]
    told = {"status": "graded", "score": round(times * report["score"]), "tests": tests}
    told["max_score"] = round(times * report["max_score"])
    waits = report["outcome"] in FOR_A_PERSON
    return {"status": "error", "message": note or report["outcome"]} if waits else told


def prairielearn(report: Mapping, note: str) -> dict:
    """results.json of an external grader: a share of 1, and no attempt lost where there is none."""
    if report["outcome"] in FOR_A_PERSON:
        return {"gradable": False, "message": note or "a person has to read this"}
    tests = [
        {
            "name": _title(mark),
            "points": mark["points"],
            "max_points": _full(mark),
            "message": mark["feedback"],
        }
        for mark in _asked(report)
    ]
    return {"gradable": True, "score": _share(report), "message": note, "tests": tests}


def coderunner(report: Mapping, note: str) -> dict:
    """What a combinator template grader prints; without a fraction nothing is marked."""
    rows = [[mark["outcome"] == PASSED, _title(mark), mark["feedback"]] for mark in _asked(report)]
    told = {"prologuehtml": f"<p>{escape(note)}</p>" if note else ""}
    if report["outcome"] in FOR_A_PERSON:
        return told | {"epiloguehtml": "<p>A person has to read this.</p>"}
    table = [["iscorrect", "Criterion", "What was seen"], *rows]
    return told | {"fraction": _share(report), "testresults": table}


FORMATS: Mapping[str, Rendering] = {
    rendering.__name__: rendering
    for rendering in (gradescope, classroom50, prairielearn, coderunner)
}


def rendered(name: str, report: Mapping, note: str) -> dict:
    """The report for this platform; raise PipelineError for one that is not known."""
    if name not in FORMATS:
        raise PipelineError(f"--format {name}: the formats are {', '.join(FORMATS)}")
    return FORMATS[name](report, note)


def _asked(report: Mapping) -> list[Mapping]:
    return [mark for mark in report["criteria"] if mark["max_points"]]


def _title(mark: Mapping) -> str:
    return f"{mark['title']} (stretch)" if mark["stretch"] else mark["title"]


def _full(mark: Mapping) -> float:
    """A stretch adds to the points and is not among those that can be missed."""
    return 0.0 if mark["stretch"] and not mark["points"] else mark["max_points"]


def _share(report: Mapping) -> float:
    return report["score"] / report["max_score"] if report["max_score"] else 0.0
