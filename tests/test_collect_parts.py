"""What is told where it is collected: files of which one counts, or for which a person has to say
which; whose answer a name and a cell disagree on."""

import csv

import pytest
from classes import collect, put
from test_cli import workbench
from test_which_counts import (
    BEGINNING,
    CODE,
    FIRST,
    OTHER,
    RIGHT,
    SECOND,
    STARTER,
    WORDS,
    book,
    filled,
)

from workbench.cohort import collected
from workbench.exercises.registry import exercises


def taken(lines):
    return sorted(line.file.rpartition("/")[2] for line in lines if line.became == "taken")


TOLD = {  # what one learner hands in → what is kept, and what is said of the rest
    "code beside the untouched notebook": (
        {"problem_3.py": CODE, "problem_3.md": WORDS, "problem_3.ipynb": STARTER},
        ["problem_3.md", "problem_3.py"],
        "ignored: no more than the exercise begins with, beside problem_3.md, problem_3.py",
    ),
    "untouched beside the notebook": (
        {"problem_3.ipynb": RIGHT, "problem_3 (1).ipynb": STARTER},
        ["problem_3.ipynb"],
        "ignored: no more than the exercise begins with, beside problem_3.ipynb",
    ),
    "an empty file beside the notebook": (
        {"problem_3.ipynb": RIGHT, "problem_3.py": "\n"},
        ["problem_3.ipynb"],
        "ignored: no more than the exercise begins with, beside problem_3.ipynb",
    ),
    "other code beside the notebook": (
        {"problem_3.ipynb": RIGHT, "problem_3.py": OTHER},
        [],
        "for a person: there are several different ones: problem_3.ipynb, problem_3.py",
    ),
    "other words beside the notebook": (
        {"problem_3.ipynb": RIGHT, "problem_3.txt": "It is safe."},
        [],
        "for a person: there are several different ones: problem_3.ipynb, problem_3.txt",
    ),
    "two texts": (
        {"problem_3.py": CODE, "problem_3.md": WORDS, "problem_3.txt": "Safe."},
        ["problem_3.py"],
        "for a person: there are several different ones: problem_3.md, problem_3.txt",
    ),
    "the notebook's own export": (
        {"problem_3.ipynb": RIGHT, "problem_3.py": CODE},
        ["problem_3.ipynb", "problem_3.py"],
        "",
    ),
    "words in the notebook, code beside it": (
        {"problem_3.ipynb": filled(words=WORDS), "problem_3.py": CODE},
        ["problem_3.ipynb", "problem_3.py"],
        "",
    ),
    "code in a text": (
        {"problem_3.txt": CODE, "problem_3.md": WORDS},
        ["problem_3.md", "problem_3.py"],
        "",
    ),
    "untouched alone": ({"problem_3.ipynb": STARTER}, ["problem_3.ipynb"], ""),
    "untouched twice": (
        {"problem_3.ipynb": STARTER, "problem_3.py": BEGINNING.code},
        ["problem_3.ipynb", "problem_3.py"],
        "",
    ),
    "damaged, beside code": (
        {"problem_3.ipynb": "no notebook", "problem_3.py": CODE},
        ["problem_3.ipynb", "problem_3.py"],
        "",
    ),
    "a cell for another problem": (
        {"problem_3.ipynb": book(FIRST.replace("3", "4") + CODE, SECOND + WORDS)},
        [],
        "for a person: its name says problem_3, its %%answer says problem_3, problem_4",
    ),
    "a cell for practice": (
        {"problem_3.ipynb": book("%%answer practice_2\n" + CODE, SECOND + WORDS)},
        [],
        "for a person: its name says problem_3, its %%answer says practice_2, problem_3",
    ),
}


@pytest.mark.parametrize("kind", TOLD)
def test_which_counts_is_told_where_it_is_collected(tmp_path, kind):
    files, kept, told = TOLD[kind]
    export = put(tmp_path / "in", {f"ann/{name}": text for name, text in files.items()})
    for _ in range(2):  # and once more it is the same
        lines = collect(tmp_path / "class", export)
        assert len(lines) == len(files)
        assert taken(lines) == kept
        others = {f"{line.became}: {line.rule}" for line in lines if line.became != "taken"}
        assert others == ({told} if told else set())
    stored = {path.name for path in (tmp_path / "class/learners").rglob("problem_3.*")}
    assert sorted(stored) == kept


@pytest.mark.parametrize("name", ["problem_3.ipynb", "problem_3.py"])
def test_of_different_ones_that_which_a_person_takes_counts(tmp_path, name):
    files = {"ann/problem_3.ipynb": RIGHT, "ann/problem_3.py": OTHER}
    export, root = put(tmp_path / "in", files), tmp_path / "class"
    collect(root, export)
    table = [vars(line) for line in collected.read(root)]
    with (root / "collected.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, collected.COLUMNS)
        writer.writeheader()
        for row in table:
            writer.writerow(row | ({"became": "taken"} if row["source"].endswith(name) else {}))
    for _ in range(2):
        lines = collect(root, export)
        assert taken(lines) == [name]
        assert {line.rule for line in lines} == {"a person said so", f"a person has chosen {name}"}


def test_the_exercises_own_notebooks_are_taken_by_their_names(tmp_path):
    starters = {
        name: one.starter.read_text("utf-8") for name, one in exercises().items() if one.graded
    }
    content = {f"ann/{name}.ipynb": text for name, text in starters.items()}
    lines = collect(tmp_path / "class", put(tmp_path / "in", content))
    assert sorted(line.problem for line in lines if line.became == "taken") == sorted(starters)


def test_code_that_lies_beside_the_untouched_notebook_is_judged(tmp_path):
    files = {"problem_3.py": CODE, "problem_3.md": WORDS, "problem_3.ipynb": STARTER}
    export = put(tmp_path / "in", {f"ann/{name}": text for name, text in files.items()})
    done = workbench("collect", export, "--into", tmp_path / "class")
    assert done.returncode == 0, done.stdout
    done = workbench("grade", tmp_path / "class", "--unconfined")
    assert "1 passed →" in done.stdout
