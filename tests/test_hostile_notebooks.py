"""A file of any size and nesting is read at once, or refused in a line; code is for the worker."""

import json
import resource
import subprocess
import sys

import pytest
from test_answers import RIGHT

from workbench.exercises import check
from workbench.exercises.answers import LARGEST_PART
from workbench.graph import PipelineError
from workbench.sandbox.message import printable

READ = """
import sys, time
from pathlib import Path
from workbench.exercises.check import read
from workbench.graph import PipelineError
began = time.process_time()
try:
    print("read", len(read("problem_3", Path(sys.argv[1])).code or ""))
except PipelineError as error:
    print("refused", error)
print(time.process_time() - began)
print(*[line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")])
"""
SPENT, HELD = 4, 200 << 10  # seconds of CPU, two on a machine that is quiet; KB, all in all
SECONDS, BYTES = 8, 700 << 20  # of CPU; of addresses, an interpreter's own and its libraries' too


def cell(source, **more):
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}} | more


def notebook(*cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def answered(text):
    return notebook(cell(f"%%answer problem_3\n{text}"))


def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


HUGE = 23 << 20
FILES = {  # what is in the file → what comes of reading it
    "23 MB of lists for cells": (
        lambda: '{"cells": [' + "[]," * (HUGE // 3) + "[]]}",
        "clear its outputs",
    ),
    "23 MB of strings": (lambda: '{"cells": [' + '"",' * (HUGE // 3) + '""]}', "clear its outputs"),
    "23 MB of numbers": (lambda: '{"cells": [' + "1," * (HUGE // 2) + "1]}", "clear its outputs"),
    "23 MB of dictionaries": (
        lambda: '{"cells": [' + '{"a":1},' * (HUGE // 8) + "1]}",
        "clear its outputs",
    ),
    "lists without end": (lambda: '{"cells": ' + "[" * 900_000, "clear its outputs"),
    "lists in lists": (
        lambda: '{"cells": ' + "[" * 99_999 + "]" * 99_999 + "}",
        "is not a notebook",
    ),
    "a cell of short lines": (lambda: answered("a\n" * (HUGE // 3)), "at most 100,000 lines"),
    "a cell of one sign in every language": (
        lambda: notebook(cell("%%answer problem_3\nx = '\U0001f600'" + "x" * (17 << 20))).encode(
            "ascii"
        ),
        "at most 1 MB",
    ),
    "a text that is four times as large in memory": (
        lambda: '{"cells": "' + "\U0001f600" + "x" * (HUGE - 99) + '"}',
        "at most 24 MB",
    ),
    "a first line without end": (
        lambda: notebook(cell("%%answer" + " " * 3_000_000 + "x")),
        "no cell",
    ),
    "20,000 cells": (
        lambda: notebook(*[cell("1")] * 20_000, cell("%%answer problem_3\nx")),
        "read 2",
    ),
    "a number of 5,000 digits": (lambda: '{"cells": ' + "9" * 5000 + "}", "is not a notebook"),
    "no number": (lambda: '{"cells": NaN}', "is not a notebook"),
    "a key twice": (
        lambda: '{"cells": [], ' + notebook(cell("%%answer problem_3\nx"))[1:],
        "read 2",
    ),
    "sources of other types": (
        lambda: notebook(cell(5), cell({"a": 1}), cell([["a"]]), "x", 5, None),
        "no cell that begins",
    ),
    "indented cells of short lines": (
        lambda: notebook(*[cell(" a\n" * 600_000)] * 9, cell("%%answer problem_3\nx")),
        "read 2",
    ),
    "indented answers of short lines": (
        lambda: notebook(*[cell(" %%answer problem_3\n" + " a\n" * 300_000)] * 18),
        "at most 100,000 lines",
    ),
    "a thousand answers that stand too low": (
        lambda: notebook(cell(" x\n" + " %%answer problem_3\n" * 999 + " a\n" * 90_000)),
        "Line 2 of a cell",
    ),
    "answers below 1,990 comments each": (
        lambda: notebook(*[cell("#\n" * 1990 + "%%answer problem_3\nx")] * 3700),
        "at most 100,000 lines",
    ),
    "texts of blank lines, and answers far below": (
        lambda: notebook(*[cell("\n" * 4000 + "%%answer", cell_type="markdown")] * 2900),
        "at most 100,000 lines",
    ),
    "texts of other ends of lines": (
        lambda: notebook(
            *[
                cell("".join(map("{}\v".format, range(n * 10**6, n * 10**6 + 10**5))))
                | {"cell_type": "markdown"}
                for n in range(15)
            ],
            cell("%%answer problem_3\nx"),
        ),
        "read 2",
    ),
    "answers behind 3,900 blanks": (
        lambda: notebook(*[cell(" " * 3900 + "%%answer problem_3\nx")] * 5000),
        "5000 cells begin with",
    ),
    "sixteen blocks of code in a .md": (
        lambda: ("a b (\n```\nimport os\n" + "f(x)(y);" * 8000 + "\n```\n") * 16,
        "read 0",
    ),
    "a .md of short lines": (lambda: "import os\n" + "x\n" * 500_000, "at most 100,000 lines"),
    "a large picture": (
        lambda: notebook(cell("1", outputs=["A" * HUGE]), cell("%%answer problem_3\nx")),
        "read 2",
    ),
    "a large table of commas": (
        lambda: notebook(cell("1", outputs=["1,[{" * (HUGE // 8)]), cell("%%answer problem_3\nx")),
        "read 2",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_at_once_or_refused_in_a_line(tmp_path, name):
    made, said = FILES[name]
    content, path = made(), tmp_path / ("a.md" if ".md" in name else "a.ipynb")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    command = [sys.executable, "-c", READ, path]
    done = subprocess.run(
        command, preexec_fn=limited, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    told, spent, held = done.stdout.splitlines()
    assert said in told
    assert float(spent) < SPENT
    assert int(held) < HELD


def test_what_is_said_of_a_cell_can_be_printed(tmp_path):
    """A name is compared by its letters alone, whatever signs stand among them."""
    written = cell("%%answer problem_1\x1b\x9b@\x08\u202e\ud800\nA DAG is directed.")
    (tmp_path / "a.ipynb").write_text(notebook(written, written))
    report = check.check("problem_1", tmp_path / "a.ipynb", seed=1)
    assert "2 cells begin with" in report.note
    assert printable(report.as_text()) == report.as_text()


BOMBS = {
    "minus signs": "-" * 200_000 + "1",
    "not": "not " * 100_000 + "1",
    "attributes": "a" + ".a" * 300_000,
    "a sum": "1" + "+1" * 100_000,
    "lambdas": "lambda:" * 50_000 + "1",
    "calls": "f" + "()" * 300_000,
    "branches": "if a: pass\n" + "elif a: pass\n" * 60_000,
    "brackets": "(" * 100_000,
    "strings in strings": 'f"{' * 50_000,
    "a magic and minus signs": "%time\n" + "-" * 60_000 + "1",
    "blanks in brackets": "(\n" + " " * 900_000 + "\n",
    "a zero byte": "\x00",
    "a lone surrogate": "x = '\ud800'",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_code_that_is_too_much_for_the_compiler_is_an_answer_that_failed(tmp_path, name):
    (tmp_path / "a.ipynb").write_text(answered(BOMBS[name]))
    report = check.check("problem_3", tmp_path / "a.ipynb", seed=1)
    assert report.outcome == "failed"
    assert json.loads(json.dumps(report.as_json(), allow_nan=False))["score"] == 0


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_may_end_in_any_way_and_begin_with_a_mark(tmp_path, newline, mark):
    text = f"{mark}%%answer problem_3\n{RIGHT}".replace("\n", newline)
    (tmp_path / "a.ipynb").write_bytes(b"\xef\xbb\xbf" + notebook(cell(text)).encode())
    answer = check.read("problem_3", tmp_path / "a.ipynb")
    assert answer.code == f"\n{RIGHT}"


ANY_BYTES = {
    "a mark and \\r\\n": b"\xef\xbb\xbfx = 1\r\n",
    "form feeds": b"x = 1\f\n\v",
    "another encoding by a cookie": b"# coding: latin-1\nx = '\xe9'",
    "Latin-1": b"x = '\xe9'",
    "a zero byte": b"x = 1\x00",
    "UTF-16": "x = 'é'".encode("utf-16"),
    "line separators": "x = 1\u2028y = 2".encode(),
    "escapes and markup": b"\x1b[31m<script>alert(1)</script><img src=x onerror=alert(1)>",
    "surrogates": "\ud800".encode("utf-8", "surrogatepass"),
    "right to left": "\u202ex".encode(),
}


@pytest.mark.parametrize("suffix", ["py", "md"])
@pytest.mark.parametrize("name", ANY_BYTES)
def test_a_plain_file_in_any_bytes_is_judged_or_refused_in_a_line(tmp_path, name, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(ANY_BYTES[name])
    report = check.check("problem_3" if suffix == "py" else "problem_1", path, seed=1)
    assert report.outcome in ("failed", "needs_review", "unusable")
    assert report.outcome != "unusable" or "\n" not in report.note
    assert "<script" not in report.as_html()
    assert "\x1b" not in report.as_text()
    json.dumps(report.as_json(), allow_nan=False).encode()


def test_a_file_of_the_kernels_is_not_waited_for(tmp_path):
    (tmp_path / "a.txt").symlink_to("/proc/kmsg")  # root's reads would wait until it is written to
    report = check.check("problem_1", tmp_path / "a.txt", seed=1)
    assert report.outcome in ("not_attempted", "unusable")


@pytest.mark.parametrize("suffix", ["py", "md"])
def test_a_plain_file_of_more_than_an_answer_is_refused(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_text("x\n" * LARGEST_PART)
    with pytest.raises(PipelineError, match=f"a.{suffix}: an answer has at most 1 MB of text"):
        check.read("problem_3", path)
