"""Who is forgotten is gone from a class, and stays so; where there is no class, nothing goes."""

import os

import pytest
from classes import GOOD, graded, judged, put, rows
from test_cli import workbench

from workbench.cohort import collected
from workbench.cohort.forgetting import forget


def content(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", ["jane", "export", "learners"])
def test_a_folder_that_is_no_class_loses_nothing(tmp_path, name):
    names = ("jane/problem_1.md", "bob/problem_1.md", "export/a.csv", "index.html")
    put(tmp_path / "subs", dict.fromkeys(names, GOOD))
    before = content(tmp_path)
    done = workbench("forget", tmp_path / "subs", name)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is no class" in done.stderr
    assert content(tmp_path) == before


def test_a_folder_in_which_a_class_lies_loses_nothing(tmp_path):
    put(tmp_path, {"class/learners/jane/1/problem_1.md": GOOD, "results/class/problem_1.json": ""})
    before = content(tmp_path)
    done = workbench("forget", tmp_path, "class")
    assert (done.returncode, content(tmp_path)) == (2, before)


@pytest.mark.parametrize("spoilt", ["class.toml", "decisions.csv", "roster.csv", "collected.csv"])
def test_of_a_class_that_cannot_be_read_nothing_goes(tmp_path, spoilt):
    root = put(tmp_path, {f"learners/{name}/1/problem_1.md": GOOD for name in ("jane", "bob")})
    put(root, {"index.html": "a page", spoilt: "what is this\n1\n"})
    before = content(root / "learners")
    done = workbench("forget", root, "jane")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert content(root / "learners") == before
    assert (root / "index.html").exists()


def test_a_link_in_the_place_of_a_folder_goes_and_what_it_leads_to_stays(tmp_path):
    root = put(tmp_path / "class", {"learners/bob/1/problem_1.md": GOOD})
    put(tmp_path / "apart", {"1/problem_1.md": GOOD})
    (root / "learners/jane").symlink_to(tmp_path / "apart")
    assert workbench("forget", root, "jane").returncode == 0
    assert [path.name for path in (root / "learners").iterdir()] == ["bob"]
    assert (tmp_path / "apart/1/problem_1.md").read_text() == GOOD


def test_who_is_forgotten_while_the_class_is_graded_does_not_come_back(tmp_path):
    names = ("ann", "bob", "xaver")
    root = put(tmp_path, {f"learners/{name}/1/problem_1.md": GOOD for name in names})
    graded(root, planned=lambda _: forget(root, "xaver"))
    assert {learner for learner, _ in rows(root)} == {"ann", "bob"}
    assert not [path for path in root.rglob("*") if "xaver" in path.name]
    assert not [path for path, text in content(root).items() if b"xaver" in text]
    assert collected.read(root) == []
    assert judged(lambda **how: graded(root, **how)) == 0


def test_who_is_forgotten_when_judged_already_does_not_come_back(tmp_path):
    names = ("ann", "xaver")
    root = put(tmp_path, {f"learners/{name}/1/problem_1.md": GOOD for name in names})
    over = []

    def done():
        over.append(1)
        if len(over) == 2:
            forget(root, "xaver")

    graded(root, done=done)
    assert not [path for path, text in content(root).items() if b"xaver" in text]
    assert b"ann" in (root / "timings.csv").read_bytes()


def test_who_has_only_a_line_left_is_known_and_it_goes(tmp_path):
    root = put(tmp_path, {"learners/ann/1/problem_1.md": GOOD})
    put(root, {"timings.csv": "learner,problem,attempt,seconds\nxaver,problem_1,1,0.5\n"})
    forget(root, "xaver")
    assert "xaver" not in (root / "timings.csv").read_text()


def test_who_is_no_text_is_forgotten_by_what_tables_say(tmp_path):
    names = ("anna", os.fsdecode(b"Jos\xe9"))
    root = put(tmp_path, {f"learners/{name}/1/problem_1.md": GOOD for name in names})
    assert workbench("grade", root).returncode == 0
    assert workbench("forget", root, "Jos\\xe9").returncode == 0
    assert [path.name for path in (root / "learners").iterdir()] == ["anna"]
    assert [path.name for path in (root / "results").iterdir() if path.is_dir()] == ["anna"]
