"""One report as a platform that runs a grader per submission reads it.

What could not be judged is not gradable there, which is not the same as 0; a criterion that is
for a person has no points yet.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape

from workbench.cohort.standings import FOR_A_PERSON
from workbench.exercises.report import SHOWN
from workbench.exercises.verdict import PASSED
from workbench.graph import PipelineError

# What Classroom 50's runner says of a submission: in its result, in the environment, else.
KNOWN = {
    "classroom": ("CLASSROOM", "class"),
    "assignment": ("ASSIGNMENT", "{problem}"),
    "assignment_type": ("ASSIGNMENT_TYPE", "individual"),
    "owner": ("OWNER", "learner"),
    "submission": ("SUBMISSION_TAG", "submit/{problem}"),
    "commit": ("COMMIT_URL", "unknown"),
    "release": ("RELEASE_URL", "unknown"),
    "review": ("REVIEW_URL", "unknown"),
    "datetime": ("SUBMITTED_AT", "{now}"),
}
Rendering = Callable[[Mapping, str, Mapping[str, str]], dict]


def gradescope(report: Mapping, note: str, known: Mapping[str, str]) -> dict:
    """results.json: no score at all where there is none yet, so that the platform grades nothing;
    a test without one would not be taken."""
    told = {"output": note or SHOWN[report["outcome"]][1], "visibility": "visible"}
    if report["outcome"] in FOR_A_PERSON:
        lines = (
            f"{SHOWN[mark['outcome']][0]} {_title(mark)}: {mark['feedback']}"
            for mark in _asked(report)
            if mark["feedback"]
        )
        return told | {"output": "\n".join([told["output"], *lines])}
    tests = [
        {
            "name": _title(mark),
            "score": mark["points"],
            "max_score": _full(mark),
            "status": "passed" if mark["outcome"] == PASSED else "failed",
            "output": mark["feedback"],
        }
        for mark in _asked(report)
    ]
    return told | {"score": report["score"], "tests": tests}


def classroom50(report: Mapping, note: str, known: Mapping[str, str]) -> dict:
    """result.json, by classroom50/result/v1: 0 of 0 is what an error is there, not 0 of 6. Points
    are whole: hundredths where a criterion has parts of a point."""
    marks = _asked(report)
    points = [value for mark in marks for value in (mark["points"], mark["max_points"])]
    times = 1 if all(float(value).is_integer() for value in points) else 100
    waits = report["outcome"] in FOR_A_PERSON
    if waits:
        marks, unread = (), _test50("for a person: no points yet", False, 0, 0, note)
    tests = [
        _test50(
            _title(mark),
            mark["outcome"] == PASSED,
            round(times * mark["points"]),
            round(times * _full(mark)),
            mark["feedback"],
        )
        for mark in marks
    ]
    said = {"problem": report["problem"], "now": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    whose = {key: known.get(name) or other.format(**said) for key, (name, other) in KNOWN.items()}
    return {
        "schema": "classroom50/result/v1",
        **whose,
        "score": 0 if waits else round(times * report["score"]),
        "max-score": 0 if waits else round(times * report["max_score"]),
        "tests": [unread] if waits else tests,
    }


def _test50(name: str, passed: bool, score: int, most: int, output: str) -> dict:
    points = {"score": score, "max-score": most}
    return {"test-name": name, "passed": passed, **points, "output": output}


def prairielearn(report: Mapping, note: str, known: Mapping[str, str]) -> dict:
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


def coderunner(report: Mapping, note: str, known: Mapping[str, str]) -> dict:
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


def rendered(name: str, report: Mapping, note: str, known: Mapping[str, str] = os.environ) -> dict:
    """The report for this platform; known: what it has told about the submission.

    Raise PipelineError for a platform that is not known.
    """
    if name not in FORMATS:
        raise PipelineError(f"--format {name}: the formats are {', '.join(FORMATS)}")
    return FORMATS[name](report, note, known)


def _asked(report: Mapping) -> list[Mapping]:
    return [mark for mark in report["criteria"] if mark["max_points"]]


def _title(mark: Mapping) -> str:
    return f"{mark['title']} (stretch)" if mark["stretch"] else mark["title"]


def _full(mark: Mapping) -> float:
    """A stretch adds to the points and is not among those that can be missed."""
    return 0.0 if mark["stretch"] and not mark["points"] else mark["max_points"]


def _share(report: Mapping) -> float:
    return report["score"] / report["max_score"] if report["max_score"] else 0.0
