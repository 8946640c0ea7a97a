"""What the judge could not decide is decided by a person, once for equal texts."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest
from classes import GOOD, graded, put, rows
from test_cli import workbench

from workbench import PipelineError
from workbench.cohort import decisions, files, ledger
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.feedback.desk import LISTED, Desk, listed, taken
from workbench.feedback.server import Server

DOUBTFUL = "A DAG has nodes and edges. The graph must not have any cycles or else it could not run."


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    files = {f"learners/{name}/1/problem_1.md": DOUBTFUL for name in ("ann", "ben")}
    files |= {
        "roster.csv": "id,name\nann,Ann A.\n",
        "learners/cy/1/problem_1.md": GOOD,
        "learners/di/1/problem_1.ipynb": "scribble",
    }
    root = put(tmp_path_factory.mktemp("judged") / "class", files)
    graded(root)
    return root


@pytest.fixture
def cohort(judged, tmp_path):
    return shutil.copytree(judged, tmp_path / "class")


def desk_of(root):
    handed_in = hand_ins(root)
    return Desk(ledger.of(Grading(root, handed_in)), handed_in, "me")


def standing(desk, learner):
    return next(one for one in desk.answers if one.learner == learner)


def test_equal_texts_are_asked_once_and_decided_together(cohort):
    desk = desk_of(cohort)
    asked = [one for one in desk.questions if one.first.learner == "ann"]
    assert asked
    assert all([one.learner for one in question.answers] == ["ann", "ben"] for question in asked)
    question = asked[0]
    desk.decide(question.answers, question.criterion, "passed", " Well said. ")
    assert question not in desk.open()
    for learner in ("ann", "ben"):
        decision = desk.decided(standing(desk, learner))[question.criterion]
        assert (decision.outcome, decision.comment, decision.who) == ("passed", "Well said.", "me")
    graded(cohort, again=True)
    assert len(desk_of(cohort).questions) == len(desk.questions) - 1
    put(cohort, {"learners/ann/2/problem_1.md": f"{DOUBTFUL} "})
    graded(cohort)
    assert len(desk_of(cohort).questions) > len(desk.questions) - 1  # a new attempt is a new one


def test_who_is_decided_otherwise_alone_stays_so(cohort):
    desk = desk_of(cohort)
    question = next(one for one in desk.questions if one.first.learner == "ann")
    ann, ben = question.answers
    desk.decide([ben], question.criterion, "failed", "")
    assert desk.alike(ann, question.criterion) == (ann,)
    desk.decide(desk.alike(ann, question.criterion), question.criterion, "passed", "")
    assert desk.decided(ben)[question.criterion].outcome == "failed"


def test_any_criterion_of_any_answer_can_be_overridden_and_taken_back(cohort):
    desk = desk_of(cohort)
    cy, before = standing(desk, "cy"), rows(cohort)["cy", "problem_1"]["score"]
    desk.decide([cy], "directed", "failed", "Which way?")
    desk.decide([cy], "directed", "passed", "")
    desk.decide([cy], "directed", "", "")
    assert desk.decided(cy)["directed"].comment == "Which way?"  # the one before counts again
    graded(cohort)
    assert float(rows(cohort)["cy", "problem_1"]["score"]) == float(before) - 1
    desk.decide([cy], "directed", "", "")
    desk.decide([cy], "directed", "", "")
    graded(cohort)
    assert rows(cohort)["cy", "problem_1"]["score"] == before
    with pytest.raises(PipelineError, match="has no criterion"):
        desk.decide([cy], "beauty", "passed", "")
    with pytest.raises(PipelineError, match="is neither passed nor failed"):
        desk.decide([cy], "directed", "perhaps", "")


def test_what_could_not_be_read_is_shown_as_it_is(cohort):
    desk = desk_of(cohort)
    assert desk.texts(standing(desk, "di")) == {"file": "scribble"}
    assert len([one for one in desk.questions if one.first.learner == "di"]) == 8
    put(cohort, {"learners/di/1/problem_1.ipynb": "another file than the one that was judged"})
    assert desk_of(cohort).texts(standing(desk, "di")) == {"file": ""}


def test_the_list_is_the_same_as_csv_and_taken_back_filled_in(cohort, tmp_path):
    told = workbench("review", cohort, "--list").stdout
    table = list(csv.DictReader(io.StringIO(told)))
    desk = desk_of(cohort)
    assert len(table) == len(desk.questions)
    assert tuple(table[0]) == LISTED
    ann = next(row for row in table if row["learner"] == "ann")
    assert (ann["others"], ann["text"]) == ("1", DOUBTFUL)
    assert ann["sentence"] in DOUBTFUL
    for row in table:
        row["outcome"] = "passed"
    filled = files.table(LISTED, (row.values() for row in table))
    (tmp_path / "filled.csv").write_text(filled)
    done = workbench("review", cohort, "--decided", tmp_path / "filled.csv", "--as", "you")
    assert f"{len(table)} rows are decided" in done.stdout
    assert "0 questions are open. Next: workbench report" in done.stdout
    assert rows(cohort)["di", "problem_1"]["outcome"] == "passed"
    assert {row["who"] for row in files.rows_of(cohort / decisions.FILE)} == {"you"}
    assert listed(desk_of(cohort)) == []
    with pytest.raises(PipelineError, match="no such answer counts here any more"):
        taken(desk_of(cohort), [{**table[0], "answer": "0"}])


def test_a_list_is_taken_back_whole_or_not_at_all(cohort):
    desk = desk_of(cohort)
    table = [dict(zip(LISTED, row, strict=True)) for row in listed(desk)]
    good = {**table[0], "outcome": "passed "}  # as a spreadsheet's reader may type it
    for wrong, why in (({"outcome": "Passed"}, "neither"), ({"criterion": "x"}, "no criterion")):
        with pytest.raises(PipelineError, match=why):
            taken(desk, [good, {**table[1], "outcome": "passed"} | wrong])
        assert not (cohort / decisions.FILE).exists()
    assert taken(desk, [good, table[1]]) == 1


def test_a_question_about_what_has_failed_is_open_too(tmp_path):
    """Whose DAG is wrong and whose explanation is in doubt may have more points."""
    files = {"problem_3.py": "def process_data(i, o): pass", "problem_3.md": "Do no harm twice."}
    root = put(tmp_path / "class", {f"learners/ann/1/{name}": text for name, text in files.items()})
    graded(root)
    row = rows(root)["ann", "problem_3"]
    assert row["outcome"] == "failed"
    assert row["note"] == "1 question for a person: points may be added"
    told = f"workbench review {root} (1 answer for a person)"
    assert f"still open: {told}" in workbench("export", root, "--for", "moodle").stdout
    assert f"Next: {told}" in workbench("grade", root, "--unconfined").stdout
    desk = desk_of(root)
    (question,) = desk.open()
    desk.decide(question.answers, question.criterion, "passed", "")
    graded(root)
    after = rows(root)["ann", "problem_3"]
    assert (after["note"], float(after["score"])) == ("", float(row["score"]) + 1)
    assert "still open" not in workbench("export", root, "--for", "moodle").stdout


@pytest.fixture
def server(cohort):
    with Server(desk_of(cohort)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(server, place="", body=None, **headers):
    """The status, and what comes back."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.address + place, data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


JSON = {"Content-Type": "application/json"}


def test_the_page_is_only_for_who_knows_its_address(server):
    assert server.address.startswith("http://127.0.0.1:")
    assert len(server.secret) >= 32
    status, page = asked(server)
    assert status == 200
    assert "connect-src 'self'" in page
    body = {"answer": 0, "criteria": ["directed"], "outcome": "passed", "comment": "", "all": True}
    for refused in (
        asked(server, Host="evil.example"),
        asked(server, "questions", Host="evil.example:80"),
        asked(server, "../questions"),
        asked(server, "decisions", body),
        asked(server, "decisions", body, **JSON, Origin="http://evil.example"),
        asked(server, "decisions", body | {"comment": "x" * 70_000}, **JSON),
        asked(server, "elsewhere", body, **JSON),
    ):
        assert refused[0] == 404
    with urllib.request.urlopen(server.address) as response:
        assert response.headers["Cache-Control"] == "no-store"
    for guess in ("", "x/", f"{server.secret[:-1]}/", f"%2e/{server.secret}/", "é/"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server.origin}/{urllib.parse.quote(guess)}")
    assert not (server.desk.whole.root / decisions.FILE).exists()


def test_a_decision_that_is_none_is_told(server):
    body = {"answer": 0, "criteria": ["directed"], "outcome": "maybe", "comment": "", "all": False}
    assert asked(server, "decisions", body, **JSON)[0] == 409
    for wrong in ([], {}, body | {"answer": 99}, body | {"answer": "x"}, body | {"criteria": 3}):
        assert asked(server, "decisions", wrong, **JSON)[0] == 400
    assert asked(server, "answers/99")[0] == 400


def test_the_command_tells_the_address_and_ends_with_what_is_left(cohort):
    command = [sys.executable, "-m", "workbench", "review", cohort, "--as", "me"]
    reviewing = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        first = reviewing.stdout.readline()
        assert re.fullmatch(r"\d+ questions about 4 answers, on a page of this machine:\n", first)
        address = reviewing.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}questions", timeout=20) as response:
            questions = json.load(response)["questions"]
        body = {"answer": questions[0]["answer"], "criteria": [questions[0]["criterion"]]}
        body |= {"outcome": "passed", "comment": "", "all": True}
        request = urllib.request.Request(f"{address}decisions", json.dumps(body).encode(), JSON)
        urllib.request.urlopen(request, timeout=20).close()
    finally:
        reviewing.send_signal(signal.SIGINT)
    told, _ = reviewing.communicate(timeout=60)
    assert reviewing.returncode == 0
    assert f"{len(questions) - 1} questions are open. Next: workbench report" in told
