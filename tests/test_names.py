"""What a file is, by its name or what is in it."""

from classes import ANSWER, CODE, NOTHING, collect, notebook, put

# A name, with a notebook that answers problem 3 or nothing, and what it is taken as. Written down
# before the code read any of them.
NAMES = {
    "problem_3.ipynb": (NOTHING, "problem_3"),
    "Problem_3.ipynb": (NOTHING, "problem_3"),
    "PROBLEM_3.IPYNB": (NOTHING, "problem_3"),
    "Problem 3.ipynb": (NOTHING, "problem_3"),
    "Problem 3 (2).ipynb": (NOTHING, "problem_3"),
    "problem-3.ipynb": (NOTHING, "problem_3"),
    "problem3.ipynb": (NOTHING, "problem_3"),
    "problem_03.ipynb": (NOTHING, "problem_3"),
    "problem.3.ipynb": (NOTHING, "problem_3"),
    "problem_3 .ipynb": (NOTHING, "problem_3"),
    " problem_3.ipynb": (NOTHING, "problem_3"),
    "problem_3_final.ipynb": (NOTHING, "problem_3"),
    "problem3_final_FINAL_v2.ipynb": (NOTHING, "problem_3"),
    "problem_3-Copy1.ipynb": (NOTHING, "problem_3"),
    "Copy of problem_3.ipynb": (NOTHING, "problem_3"),
    "Kopie von problem_3.ipynb": (NOTHING, "problem_3"),
    "jane_doe_problem3.ipynb": (NOTHING, "problem_3"),
    "Jane Doe - Problem 3.ipynb": (NOTHING, "problem_3"),
    "problem_3_jane_doe.ipynb": (NOTHING, "problem_3"),
    "jane.doe_problem_3.ipynb": (NOTHING, "problem_3"),
    "j.doe.problem_3.ipynb": (NOTHING, "problem_3"),
    "Chapter3_problem_3.ipynb": (NOTHING, "problem_3"),
    "week2-problem3.ipynb": (NOTHING, "problem_3"),
    "2026-11-20 problem 3.ipynb": (NOTHING, "problem_3"),
    "Problem\u00a03.ipynb": (NOTHING, "problem_3"),
    "Problem №3.ipynb": (NOTHING, "person"),
    "problem#3.ipynb": (NOTHING, "problem_3"),
    "problem_3.ipynb.txt": (NOTHING, "problem_3"),
    "problem_3.ipynb.json": (NOTHING, "problem_3"),
    "problem_3.json": (NOTHING, "problem_3"),
    "problem_3": (NOTHING, "problem_3"),
    "problem_3.ipynb (1)": (NOTHING, "person"),
    "problem_3.txt": (NOTHING, "problem_3"),
    "problem_3.py": (CODE, "problem_3"),
    "problem_3.py.txt": (CODE, "problem_3"),
    "Problem_3.PY": (CODE, "problem_3"),
    "problem_3.md": ("It is safe.", "problem_3"),
    "exercise 3.ipynb": (NOTHING, "problem_3"),
    "Exercise_3_solution.ipynb": (NOTHING, "problem_3"),
    "ex3.ipynb": (NOTHING, "problem_3"),
    "p3.ipynb": (NOTHING, "problem_3"),
    "P3_jane.ipynb": (NOTHING, "problem_3"),
    "prob3.ipynb": (NOTHING, "problem_3"),
    "question_3.ipynb": (NOTHING, "problem_3"),
    "Aufgabe 3.ipynb": (NOTHING, "problem_3"),
    "3.ipynb": (NOTHING, "problem_3"),
    "Untitled.ipynb": (ANSWER, "problem_3"),
    "my answer.ipynb": (ANSWER, "problem_3"),
    "homework.py": (f"%%answer problem_3\n{CODE}", "problem_3"),
    "sp3ncer.ipynb": (ANSWER, "problem_3"),
    "Untitled1.ipynb": (NOTHING, "person"),
    "problem_6.ipynb": (NOTHING, "person"),
    "problem_32.ipynb": (NOTHING, "person"),
    "problem_3_and_4.ipynb": (NOTHING, "person"),
    "problem_1_problem_3.ipynb": (NOTHING, "person"),
    "problems 3, 4 and 5.ipynb": (NOTHING, "person"),
    "all.ipynb": (notebook("%%answer problem_3\n1", "%%answer problem_1\nx"), "person"),
    "problem_4.ipynb": (ANSWER, "person"),
    "problem_3.pdf": ("%PDF", "person"),
    "problem_3.docx": ("PK", "person"),
    "problem_3.html": ("<p>", "person"),
    "essay.pdf": ("%PDF", "person"),
    "problem_3.png": ("PNG", "person"),
    "problem_3.rar": ("Rar!", "person"),
    "problem_3.zip": ("no archive", "person"),
    "output.csv": ("a,b", "ignored"),
    "notes.txt": ("x", "ignored"),
    "README.md": ("x", "ignored"),
    "helper.py": ("x = 1", "ignored"),
}


def taken_as(line):
    return {"taken": line.problem, "ignored": "ignored", "for a person": "person"}[line.became]


def test_a_name_is_read_as_its_writer_meant_it(tmp_path):
    assert len(NAMES) >= 60
    content = {
        f"in/learner{number}/{name}": text for number, (name, (text, _)) in enumerate(NAMES.items())
    }
    # Beside something taken, what is nothing is ignored.
    content |= {f"in/learner{number}/problem_5.py": "x" for number in range(len(NAMES))}
    lines = collect(tmp_path / "class", put(tmp_path, content) / "in")
    told = {
        line.source.split("/", 2)[2]: taken_as(line)
        for line in lines
        if line.problem != "problem_5"
    }
    assert told == {name: expected for name, (_, expected) in NAMES.items()}
    assert all(line.rule for line in lines)
    assert all(line.sha256 for line in lines if line.became == "taken")
