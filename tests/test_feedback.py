"""What people read of a class: every learner's feedback, and the page of everybody."""

import html
import re
import shutil

import pytest
from classes import BAD, GOOD, ROOT, graded, put, written
from test_cli import workbench

from workbench.cohort import decisions, ledger
from workbench.cohort.decisions import Decision
from workbench.cohort.grading import Grading
from workbench.cohort.handins import hand_ins
from workbench.exercises.answers import Answer
from workbench.feedback import learners, overview
from workbench.feedback.groups import groups, skeleton
from workbench.feedback.items import items
from workbench.feedback.similar import likeness, tokens

ANSWERS = ROOT / "tests/answers"
WRONG = (ANSWERS / "problem_3/miss_append.py").read_text()
HOSTILE = f"{BAD} <script>alert(1)</script> [x](javascript:1) *b* `"
PEOPLE = "id,name\nada,Ada <b>L.\nbob,Bob\nzoe,Zoë\n"


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    files = {f"learners/l{number:02}/1/problem_1.md": f"{GOOD} {number}" for number in range(8)}
    files |= {f"learners/m{number:02}/1/problem_1.md": f"{BAD} {number}" for number in range(4)}
    files |= {
        "roster.csv": PEOPLE,
        "learners/ada/1/problem_1.md": HOSTILE,
        "learners/ada/1/problem_3.py": WRONG,
        "learners/bob/1/problem_3.py": "def process_data(input_file, output_file): pas",
        "learners/m00/1/problem_3.ipynb": "no notebook",
    }
    root = put(tmp_path_factory.mktemp("judged") / "class", files)
    graded(root, seed=5)
    return root


@pytest.fixture
def cohort(judged, tmp_path):
    return shutil.copytree(judged, tmp_path / "class")


def known(root):
    return ledger.of(Grading(root, hand_ins(root)))


def text_of(path):
    """What a page says, without how it says it."""
    body = path.read_text().partition("<body>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_feedback_explains_all_that_is_missing_and_marks_what_was_not_tried(cohort):
    whole = known(cohort)
    learners.write(whole)
    for standing in whole.standings:
        page = text_of(cohort / "feedback" / f"{standing.learner}.html")
        markdown = (cohort / "feedback" / f"{standing.learner}.md").read_text()
        for mark in standing.report.get("criteria", ()):
            if standing.score is not None and mark["max_points"]:
                assert mark["title"] in page
            if mark["outcome"] == "failed" and mark["feedback"] != "It could not be tried.":
                assert " ".join(mark["feedback"].replace("`", "").split())[:60] in page.replace(
                    "`", ""
                )
    assert "✗ The output is the input times two" in text_of(cohort / "feedback/bob.html")
    assert "○ Running again changes nothing not tried" in text_of(cohort / "feedback/bob.html")
    assert (
        "- ○ **Running again changes nothing** (not tried"
        in (cohort / "feedback/bob.md").read_text()
    )
    ada = text_of(cohort / "feedback/ada.html")
    assert "Beyond what is asked" in ada
    assert ada.index("Beyond what is asked") < ada.index("A crash leaves a complete output")
    assert "problem_3.ipynb is not a notebook" in text_of(cohort / "feedback/m00.html")
    assert "· not handed in" in text_of(cohort / "feedback/zoe.html")
    assert markdown


def test_a_page_is_whole_and_says_nothing_that_a_learner_wrote_as_code(cohort):
    whole = known(cohort)
    learners.write(whole)
    overview.write(whole, overview.looked_for(whole, hand_ins(cohort)))
    for path in (cohort / "index.html", cohort / "feedback/ada.html"):
        page = path.read_text()
        assert "<script>alert" not in page
        assert "Ada <b>" not in page
        assert not re.search(r"(src|href)=\"(?!feedback/|#)", page)  # nothing from anywhere
        assert "default-src 'none'" in page
    assert "](javascript" not in (cohort / "feedback/ada.md").read_text().replace("\\](", "")


def test_grade_writes_the_page_and_report_completes_it(cohort):
    graded = page_of(workbench("grade", cohort), cohort)
    assert "A pointer for a person, and no proof" in graded  # also before any report
    done = workbench("report", cohort)
    page = page_of(done, cohort)
    assert "15 learners → " in done.stdout
    assert "still open: workbench review" in done.stdout
    assert "Next: workbench export" in done.stdout
    assert "the same · Problem 1" not in page
    assert "A pointer for a person, and no proof" in page
    for title in ("Problems", "Criteria, by how often", "The same failing", "Everybody"):
        assert title in page
    before = written(cohort)
    workbench("report", cohort)
    assert written(cohort) == before


def page_of(done, root):
    assert done.returncode == 0, done.stderr
    return text_of(root / "index.html")


def test_an_anonymous_page_names_nobody(cohort):
    done = workbench("report", cohort, "--anonymous")
    assert "read it before you share" in done.stdout
    page = (cohort / "anonymous.html").read_text()
    assert "Learner 01" in page
    for name in ("Bob", "zoe", "l01", "m03", "feedback/"):
        assert name not in page.partition("<body>")[2], name


def test_nobody_who_is_forgotten_is_on_a_page(cohort):
    workbench("report", cohort)
    workbench("report", cohort, "--anonymous")
    assert workbench("forget", cohort, "bob").returncode == 0
    assert not (cohort / "anonymous.html").exists()
    pages = [cohort / "index.html", *(cohort / "feedback").iterdir()]
    assert len(pages) == 1 + 2 * 14
    assert not [path for path in pages if "Bob" in path.read_text() or "bob" in path.name]
    assert "A pointer for a person" in text_of(cohort / "index.html")  # as complete as before


def test_what_a_person_decided_is_told_as_theirs(cohort):
    result = next(one.result for one in known(cohort).standings if one.learner == "m00")
    decision = Decision("m00", "problem_1", result.key.answer, "directed", "failed", "Which way?")
    decisions.add(cohort, decision)
    learners.write(known(cohort))
    assert "decided by a person Which way?" in text_of(cohort / "feedback/m00.html")


def test_criteria_say_how_often_they_are_missed_and_whether_they_separate(cohort):
    by_id = {item.id: item for item in items(known(cohort).standings)}
    sound = by_id["sound"]
    assert (sound.judged, sound.missed) == (13, 5)
    assert sound.separation > 0.5
    assert not sound.doubt
    assert by_id["replaces"].separation is None  # two answers say nothing


def test_answers_that_fail_in_the_same_way_are_a_group(cohort):
    found = groups(known(cohort).standings)
    assert {"ada", "m00", "m01", "m02", "m03"} in [set(group.learners) for group in found]
    assert any("An edge may lead" in group.example for group in found)
    assert [len(group.learners) for group in found] == sorted(
        (len(group.learners) for group in found), reverse=True
    )
    assert skeleton("got 17 rows, ['-1', '2.5']; 3 more") == skeleton("got 4 rows, ['7']; 12 more")
    assert skeleton("it raised KeyError") != skeleton("it raised ValueError")


RENAMED = {"input_file": "source", "output_file": "goal", "frame": "table", "data": "rows"}


def disguised(code):
    """The code with other names, values, comments and layout."""
    for old, new in RENAMED.items():
        code = re.sub(rf"\b{old}\b", new, code)
    return "# mine\n\n" + code.replace("\n\n", "\n# step\n\n") + "\n\n# end\n"


def rights(problem):
    return {path.stem: path.read_text() for path in sorted(ANSWERS.glob(f"{problem}/right_*.py"))}


@pytest.mark.parametrize("problem", ["problem_3", "problem_5"])
def test_a_disguised_copy_is_alike(problem):
    found = 0
    for name, code in rights(problem).items():
        answers = [("a", problem, Answer(code)), ("b", problem, Answer(disguised(code)))]
        clusters = likeness(answers).clusters
        assert [one.least for one in clusters] in ([], [1.0]), name
        assert tokens(code, "code") == tokens(disguised(code), "code"), name
        found += len(clusters)
    assert found > len(rights(problem)) / 2  # the others are too short to say anything


LONG = """
def process_data(input_file, output_file):
    with open(input_file, newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        rows = [[str(float(cell) * 2) for cell in row] for row in reader]
    part = f"{output_file}.part"
    with open(part, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, output_file)
"""
CHANGED = LONG.replace("        file.flush()\n        os.fsync(file.fileno())\n", "")
CHANGED_MORE = CHANGED.replace("for row in rows:\n            writer.writerow(row)", "pass")


def test_what_is_alike_stands_together_the_telling_first_and_the_short_marked():
    rights_of = [*rights("problem_3").values()]
    texts = {"ada": LONG, "bob": CHANGED, "cy": CHANGED_MORE, "di": disguised(LONG)}
    texts |= {f"other{number}": code for number, code in enumerate(rights_of)}
    short = "def process_data(one, two):\n    frame = read(one) + read(one)\n    " + (
        "two.unlink(missing_ok=True)\n    two.write_bytes(frame.to_bytes())\n    two.chmod(0)"
    )
    texts |= {"eve": short, "flo": short}
    told = likeness([(who, "problem_3", Answer(code)) for who, code in texts.items()]).clusters
    assert [sorted(one.learners) for one in told] == [["ada", "bob", "cy", "di"], ["eve", "flo"]]
    assert [one.short for one in told] == [False, True]
    assert told[0].least < 1 == told[0].most
    # Those who wrote for themselves, rightly, are alike to nobody.
    assert not [one for cluster in told for one in cluster.learners if one.startswith("other")]


def test_the_solution_itself_is_known_text():
    code = "".join(
        re.findall(r"%%answer problem_3\n(.*)", notebook_source("solutions/problem_3.ipynb"), re.S)
    )
    told = likeness([(who, "problem_3", Answer(code)) for who in "ab"])
    assert not told.clusters
    assert told.nearly == [("problem_3", "a"), ("problem_3", "b")]


def notebook_source(name):
    import nbformat

    cells = nbformat.read(ROOT / name, 4).cells
    return next(cell.source for cell in cells if cell.source.startswith("%%answer problem_3\n"))
