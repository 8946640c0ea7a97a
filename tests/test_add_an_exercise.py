"""A sixth exercise is one folder: what docs/add-an-exercise.md says is written and tried."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/add-an-exercise.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w+ (practice_9/\S+)\n(.*?)^```", PAGE, re.M | re.S)
SOLUTION = "practice_9/solution.ipynb"
CODE, PROSE = (text for name, text in BLOCKS if name == SOLUTION)
BEGIN, WHY = re.findall(r"^```\w+ \S+, a raw cell, tagged starter\n(.*?)^```", PAGE, re.M | re.S)


def notebook(path, *cells):
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)


def code(text):
    return nbformat.v4.new_code_cell(text.rstrip())


def starter(text):
    return nbformat.v4.new_raw_cell(text.rstrip(), metadata={"tags": ["starter"]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder that the page builds, with the exercise derived."""
    folder = tmp_path_factory.mktemp("practice")
    for name, text in BLOCKS:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    notebook(folder / SOLUTION, starter(BEGIN), code(CODE), starter(WHY), code(PROSE))
    done = workbench(folder, "exercises", cwd=ROOT)
    assert done.stdout.strip().endswith("practice_9/exercise.ipynb"), done
    return folder


def environment(folder):
    """Without the workbench's own home, so that progress is that of nobody."""
    home = {"WORKBENCH_HOME": str(folder / "home"), "WORKBENCH_EXERCISES": str(folder)}
    return os.environ | home


def workbench(folder, *arguments, cwd=None):
    command = [sys.executable, "-m", "workbench", *map(str, arguments)]
    return subprocess.run(
        command, env=environment(folder), cwd=cwd, capture_output=True, text=True, check=False
    )


def judged(folder, file):
    done = workbench(folder, "check", "practice_9", file, "--json", "--seed", 3)
    report = json.loads(done.stdout)
    return report["outcome"], {mark["id"]: mark["outcome"] for mark in report["criteria"]}


def test_it_is_derived_outside_the_project_too(folder, tmp_path):
    shutil.copytree(folder / "practice_9", tmp_path / "practice_9")
    (tmp_path / "practice_9/exercise.ipynb").unlink()
    done = workbench(tmp_path, "exercises", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "practice_9/exercise.ipynb\n")
    again = workbench(tmp_path, "exercises", cwd=tmp_path)
    assert again.stdout == "every exercise is as its solution says\n"


def test_the_exercise_as_it_is_handed_out_is_not_attempted(folder):
    outcome, _ = judged(folder, folder / "practice_9/exercise.ipynb")
    assert outcome == "not_attempted"


def test_its_solution_passes(folder):
    outcome, criteria = judged(folder, folder / SOLUTION)
    assert outcome == "passed"
    assert criteria == dict.fromkeys(["begins", "alone", "explained"], "passed")


@pytest.mark.parametrize(
    ("answer", "criterion"),
    [("miss_all.py", "begins"), ("miss_lonely.py", "alone"), ("miss_explained.md", "explained")],
)
def test_a_near_miss_fails_first_by_its_criterion(folder, answer, criterion):
    outcome, criteria = judged(folder, folder / "practice_9/answers" / answer)
    assert outcome == "failed"
    assert next(name for name, told in criteria.items() if told == "failed") == criterion


def test_an_answer_reads_neither_the_judge_nor_the_solution(folder, tmp_path):
    for name in ("judge.py", "solution.ipynb"):
        look = f"open({str(folder / 'practice_9' / name)!r})"
        (tmp_path / "a.py").write_text(f"def first_wave(tasks, edges):\n    {look}")
        done = workbench(folder, "check", "practice_9", tmp_path / "a.py")
        assert "first_wave raised FileNotFoundError" in done.stdout


def test_it_is_proven_whole(folder):
    done = workbench(folder, "exercises", "--check", "practice_9")
    assert done.stdout == "✓ practice_9: Which tasks may begin at once? (3 criteria)\n"
    assert done.returncode == 0


FAULTS = {  # what is done to the folder, and what is said then
    "2 hints instead of 3": ("exercise.toml", '  "Draw the graph', '#  "Draw the graph'),
    "no near miss fails by alone": ("answers/labels.json", '"alone"', '"begins"'),
    "the solution does not pass begins": ("judge.py", "[a, b])", "[a])"),
    "names started, which it does not judge": (
        "exercise.toml",
        "[limits]",
        'passing = { all = ["started"] }\n[limits]',
    ),
    "the solution does not pass explained": ("exercise.toml", 'subjects = ["parallel"]\n', ""),
    "the tables of prose have no subject paralel": ("exercise.toml", '"parallel"', '"paralel"'),
}


LABELS = "answers/labels.json"
NEGLECTED = {  # a file, what it holds from now on, or None: it is gone; and what is said then
    "it has no solution": ("solution.ipynb", None),
    "it has no labelled answer": (LABELS, None),
    "its notebook is not as its solution says": ("exercise.ipynb", None),
    "run: workbench exercises": ("exercise.ipynb", "{}"),
    "there is no answer to the label miss_much": (LABELS, '{"miss_much": {"criteria": {}}}'),
    "labels.json names alnoe": (LABELS, '{"miss_all": {"criteria": {"alnoe": false}}}'),
    "labels.json: 'criteria'; see docs/add-an-exercise.md": (LABELS, '{"miss_all": {}}'),
    "idle.py is imported by no module beside it": ("idle.py", "import judgement"),
}


@pytest.mark.parametrize("said", NEGLECTED)
def test_what_is_missing_or_read_by_nobody_is_named(folder, tmp_path, said):
    name, text = NEGLECTED[said]
    shutil.copytree(folder, tmp_path / "practice")
    file = tmp_path / "practice/practice_9" / name
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    done = workbench(tmp_path / "practice", "exercises", "--check", "practice_9")
    assert said in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("said", FAULTS)
def test_what_is_amiss_is_named(folder, tmp_path, said):
    name, before, after = FAULTS[said]
    shutil.copytree(folder, tmp_path / "practice")
    file = tmp_path / "practice/practice_9" / name
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    done = workbench(tmp_path / "practice", "exercises", "--check", "practice_9")
    assert said in done.stdout
    assert done.returncode == 1


REFUSED = {  # what is done to exercise.toml, and what is said then
    "unexpected keyword argument 'colour'": ("parts", 'colour = "blue"\nparts'),
    "'parts' is missing": ("parts", "# parts"),
    "see docs/add-an-exercise.md": ("[limits]", 'passing = ["begins"]\n[limits]'),
}


@pytest.mark.parametrize("said", REFUSED)
def test_an_exercise_that_cannot_be_read_is_refused_in_a_line(folder, tmp_path, said):
    shutil.copytree(folder, tmp_path / "practice")
    file = tmp_path / "practice/practice_9/exercise.toml"
    file.write_text(file.read_text().replace(*REFUSED[said], 1))
    done = workbench(tmp_path / "practice", "exercises", "--check")
    assert done.returncode == 2
    assert "exercise.toml" in done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_two_exercises_of_one_name_are_refused_in_a_line(folder, tmp_path):
    shutil.copytree(folder / "practice_9", tmp_path / "problem_1")
    done = workbench(tmp_path, "exercises", "--check")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "one name, two exercises" in done.stderr


def answered(text, why=PROSE):
    cells = [code(text), code(why)]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


def test_it_goes_the_whole_way_of_a_class(folder, tmp_path):
    """Handed out, collected by its name and by its %%answer, graded, decided on, told, exported."""

    def said(*arguments):
        done = workbench(folder, *arguments, cwd=tmp_path)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    assert "practice_9 → " in said("hand-out", tmp_path / "out", "--problems", "practice_9")
    given = sorted(
        path.name for path in (tmp_path / "out/src/workbench/exercises/practice_9").iterdir()
    )
    assert given == ["exercise.ipynb", "exercise.toml", "judge.py", "probe.py"]
    wrong = (folder / "practice_9/answers/miss_all.py").read_text()
    for name, text in {
        "ada/Practice 9 (2).ipynb": answered(CODE),
        "bob/mine.ipynb": answered(f"%%answer practice_9\n{wrong}"),
        "cy/practice_9.ipynb": "scribble",
    }.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True)
        (tmp_path / "in" / name).write_text(text)
    said("collect", tmp_path / "in", "--into", tmp_path / "class")
    assert "1 failed, 1 passed, 1 unusable" in said("grade", tmp_path / "class")
    listed = said("review", tmp_path / "class", "--list")
    rows = listed.replace(",,,,,", ",passed,,,,")
    (tmp_path / "filled.csv").write_text(rows)
    told = said("review", tmp_path / "class", "--decided", tmp_path / "filled.csv")
    assert "3 rows are decided\n0 questions are open" in told
    said("report", tmp_path / "class")
    feedback = (tmp_path / "class/feedback/bob.md").read_text()
    assert "## Practice 9: Which tasks may begin at once?" in feedback
    assert "✗ **Tasks without an upstream task begin**" in feedback
    page = (tmp_path / "class/index.html").read_text()
    assert "Which tasks may begin at once?" in page
    said("export", tmp_path / "class", "--for", "canvas")
    table = (tmp_path / "class/export/canvas.csv").read_text().splitlines()
    assert table[0].endswith(",practice_9")
    assert [line.rpartition(",")[2] for line in table[1:]] == ["3", "3", "1", "3"]
    said("forget", tmp_path / "class", "bob")
    assert "bob" not in (tmp_path / "class/grades.csv").read_text()


def test_a_class_is_graded_in_it(folder, tmp_path):
    shutil.copytree(folder / "practice_9/answers", tmp_path / "in/ada")
    (tmp_path / "in/ada/miss_all.py").rename(tmp_path / "in/ada/practice_9.py")
    done = workbench(folder, "grade", tmp_path / "in", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out/ada/practice_9.json").read_text())
    assert report["outcome"] == "failed"


def test_a_notebook_knows_its_cells_its_hints_and_its_progress(folder, tmp_path, monkeypatch):
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    use = 'from workbench import hint, progress, solution\nhint("practice_9")'
    cells = ["%load_ext workbench", CODE, PROSE, use, 'solution("practice_9")', "progress()"]
    book = nbformat.v4.new_notebook(cells=[code(cell) for cell in cells])
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [cell.outputs[-1].data["text/plain"] for cell in book.cells[1:]]
    assert "✓ practice_9: passed, 3 of 3" in shown[1]
    assert "Hint 1 of 3" in shown[2]
    assert "def first_wave" in shown[3]
    assert "practice_9: ✓ passed" in shown[4]
