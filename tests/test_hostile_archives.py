"""What a learner packs costs a class only that learner's line: no work, no memory, no neighbour."""

import io
import os
import zipfile
from contextlib import ExitStack
from dataclasses import replace

import pytest
from classes import ANSWER, collect, graded, put, rows, zipped
from test_cli import workbench

from workbench.cohort import collected as table
from workbench.cohort import fingerprint, sources
from workbench.cohort.documents import words_of
from workbench.cohort.handins import HandIn
from workbench.cohort.settings import settled
from workbench.cohort.sources import UNNAMED, files_of
from workbench.exercises.contents import LARGEST
from workbench.graph import PipelineError

HONEST = "101/problem_3.ipynb"


def packed(content):
    archive = io.BytesIO()
    return zipped(archive, content).getvalue()


def collected(tmp_path, content):
    """source → line; the honest learner's answer is taken whatever lies beside it."""
    export = zipped(tmp_path / "export.zip", {HONEST: ANSWER} | content)
    lines = {line.source.split("/", 1)[1]: line for line in collect(tmp_path / "class", export)}
    assert lines.pop(HONEST).became == "taken"
    return lines


@pytest.mark.parametrize(
    "name",
    [
        "102/problem " + "9" * 5000 + ".py",
        "102/" + "0" * 5000 + "x.py",
        "1" * 5000 + "/problem_3.py",
        "102/" + "a/" * 2000 + "problem_3.py",
        "102/" + "é" * 200 + ".py",
    ],
    ids=["number", "zeros", "learner", "depth", "bytes"],
)
def test_a_name_that_no_file_system_has_is_not_read_in(tmp_path, name):
    ((source, line),) = collected(tmp_path, {name: "x"}).items()
    assert (line.became, line.rule.partition(";")[0]) == ("for a person", UNNAMED)
    assert len(source) < 200


def test_archives_within_each_other_hold_not_more_than_one_may(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_ARCHIVE", 1 << 20)
    inner = packed({f"{number}.x": bytes(300 << 10) for number in range(2)})
    lines = collected(tmp_path, {"102/all.zip": packed({"a.zip": inner, "b.zip": inner})})
    assert {name for name, line in lines.items() if line.waits} == {"102/all.zip"}
    monkeypatch.setattr(sources, "LARGEST_ARCHIVE", 2 << 20)
    deflated = io.BytesIO()
    with zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.zip", "b.zip", "c.zip", "d.zip"):
            within = io.BytesIO()
            with zipfile.ZipFile(within, "w", zipfile.ZIP_DEFLATED) as small:
                small.writestr("0.x", bytes(600 << 10))
            archive.writestr(name, within.getvalue())
    (tmp_path / "class/collected.csv").unlink()
    lines = collected(tmp_path, {"102/all.zip": deflated.getvalue()})
    refused = {name for name, line in lines.items() if sources.TOO_MUCH in line.rule}
    assert refused == {"102/all.zip/d.zip"}


def test_archives_within_each_other_list_not_more_than_one_may(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_INSIDE", 6)
    inner = packed({f"{number}.x": "" for number in range(3)})
    tools = {f"node_modules/{number}.x": "" for number in range(9)}
    content = {"102/a.zip": packed({"a.zip": inner}), "103/a.zip": packed(tools)}
    content["104/a.zip"] = packed({"a.zip": inner, "b.zip": inner, "c.zip": inner})
    lines = collected(tmp_path, content)
    refused = {name for name, line in lines.items() if sources.TOO_MUCH in line.rule}
    assert refused == {"104/a.zip/b.zip", "104/a.zip/c.zip"}


def test_a_list_of_too_many_entries_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST", 10)
    monkeypatch.setattr(zipfile, "ZipFile", _counted := _Counting(zipfile.ZipFile))
    many = packed({f"{number}.x": "" for number in range(11)})
    opened = _counted.opened
    lines = collected(tmp_path, {"102/all.zip": many})
    assert sources.TOO_MUCH in lines["102/all.zip"].rule
    assert _counted.opened == opened + 2  # the export, written and read


class _Counting:
    """ZipFile, and how many were opened."""

    def __init__(self, kind):
        self._kind, self.opened = kind, 0

    def __call__(self, *arguments, **named):
        self.opened += 1
        return self._kind(*arguments, **named)


@pytest.mark.parametrize("damaged", ["deflate", "lzma"])
def test_what_cannot_be_unpacked_is_for_a_person(tmp_path, damaged):
    method = {"deflate": zipfile.ZIP_DEFLATED, "lzma": zipfile.ZIP_LZMA}[damaged]
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", method) as archive:
        archive.writestr("problem_3.py", os.urandom(5000))
    content = bytearray(inner.getvalue())
    content[60:400] = bytes(340)
    lines = collected(tmp_path, {"102/all.zip": bytes(content)})
    assert {line.became for line in lines.values()} == {"for a person"}


@pytest.mark.parametrize(
    "name", ["work.pdf", "work.docx", "work.md", "work.py", "work", "work.mp4"]
)
def test_who_hands_in_nothing_that_can_be_read_waits_for_a_person(tmp_path, name):
    put(tmp_path, {f"in/{HONEST}": ANSWER, f"in/102/{name}": ""})
    with open(tmp_path / "in/102" / name, "r+b") as file:
        file.truncate(LARGEST + 1)
    put(tmp_path, {"in/103/mine/x": ""})
    (tmp_path / "in/103/mine/x").unlink()
    (tmp_path / "in/103/mine/x").symlink_to(tmp_path)
    damaged = packed({name: "it is damaged"}).replace(b"it is", b"at is")
    (tmp_path / "in/104.zip").write_bytes(damaged)
    done = workbench("collect", tmp_path / "in", "--into", tmp_path / "class")
    assert (done.returncode, "3 for a person, 1 taken" in done.stdout) == (1, True), done.stdout
    # As many lines as files; what a person says of those that have no content of their own counts.
    lines = table.read(tmp_path / "class")
    said = {True: "ignored", False: "taken"}
    table.write(tmp_path / "class", [replace(one, became=said[one.waits]) for one in lines])
    done = workbench("collect", tmp_path / "in", "--into", tmp_path / "class")
    assert (done.returncode, "3 ignored, 1 taken" in done.stdout) == (0, True), done.stdout


def test_an_export_that_is_broken_itself_is_told_in_a_line(tmp_path):
    export = zipped(tmp_path / "export.zip", {"ü.py": "x"})
    export.write_bytes(export.read_bytes().replace("ü".encode(), b"\xff\xfe"))
    with pytest.raises(PipelineError, match="the archive is broken; download it once more"):
        collect(tmp_path / "class", export)


def test_the_words_of_a_document_are_found_whatever_stands_between_them():
    page = ("<p>one &#" + "1" * 5000 + "; two</p>").encode()
    assert words_of(".html", page) == "one \ufffd; two"
    letter = "<w:p><w:t a" * 40_000 + '<w:t xml:space="preserve">one</w:t></w:p><w:p><w:t>two &amp;'
    content = packed({"word/document.xml": letter + "&#" + "1" * 5000 + "</w:t>"})
    assert words_of(".docx", content) == "one\ntwo &\ufffd"


def test_whom_a_name_makes_of_somebody_else_is_for_a_person(tmp_path):
    claimed = "Eve_101_assignsubmission_file_ x_102_assignsubmission_file_/problem_3.ipynb"
    own = "Anna_101_assignsubmission_file_/problem_3.ipynb"
    export = zipped(tmp_path / "export.zip", {own: ANSWER, claimed: ANSWER.replace("pass", "1")})
    anna, eve = sorted(collect(tmp_path / "class", export), key=lambda line: line.became)[::-1]
    assert (anna.learner, anna.became) == ("101", "taken")
    assert (eve.learner, eve.became) == ("", "for a person")


def test_a_list_of_gradescopes_that_holds_itself_is_read(tmp_path):
    endless = "a: &a\n- *a\nsubmission_1:\n  :submitters:\n  - :sid: *a\n    :name: *a\n"
    deep = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)
    )
    deep += "submission_1:\n  :submitters:\n  - :name: *a39\n    :email: anna@x\n"
    for number, metadata in enumerate((endless, deep)):
        content = {"submission_metadata.yml": metadata, "submission_1/problem_3.ipynb": ANSWER}
        export = zipped(tmp_path / f"{number}.zip", content)
        lines = collect(tmp_path / f"class {number}", export)
        assert [line.became for line in lines if line.problem] == ["taken"]


def test_a_folder_that_becomes_a_link_leads_nowhere(tmp_path):
    put(tmp_path, {"homes/eve/own/problem_3.ipynb": "x", "secret/problem_3.ipynb": ANSWER})
    with ExitStack() as stack:
        (found,) = files_of(tmp_path / "homes", stack)
        assert found.read() == b"x"
        (tmp_path / "homes/eve/own").rename(tmp_path / "homes/eve/other")
        (tmp_path / "homes/eve/own").symlink_to(tmp_path / "secret")
        assert found.read() is None


def test_of_a_file_without_end_only_the_beginning_is_looked_at(tmp_path):
    prints = set()
    for end in (b"a", b"b"):
        put(tmp_path, {"in/eve/problem_3.py": "x"})
        with open(tmp_path / "in/eve/problem_3.py", "r+b") as file:
            file.seek(LARGEST + (4 << 20))
            file.write(end)
        hand_in = HandIn("eve", "problem_3", (tmp_path / "in/eve/problem_3.py",))
        prints.add(fingerprint.of_answer(hand_in))
    assert len(prints) == 1
    graded(tmp_path / "out", tmp_path / "in")
    assert rows(tmp_path / "out")["eve", "problem_3"]["outcome"] == "unusable"


def test_the_seed_of_a_class_is_none_that_can_be_tried(tmp_path):
    assert max(settled(tmp_path / str(number)).seed for number in range(9)) > 1 << 56
