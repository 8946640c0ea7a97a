"""Zips that no tool makes: how they are packed, what they list, and how many there are of them."""

import bz2
import io
import lzma
import resource
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from classes import ANSWER, collect, put, zipped
from test_cli import workbench
from test_hostile_archives import HONEST, collected, packed

from workbench import PipelineError
from workbench.cohort import sources
from workbench.cohort.documents import words_of

SMALL = 100  # what a bomb says that it holds
NOTHING = b"PK\5\6" + bytes(18)  # a zip that lists nothing
BOMB = 256 << 20
WEIGHED = """
import resource, sys
from pathlib import Path
from workbench.cohort.collecting import Collecting
from workbench.cohort.documents import words_of
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
Collecting(Path(sys.argv[2]), ()).run([Path(sys.argv[1])])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def listing(name, size, method=zipfile.ZIP_STORED, packed=b"x", flags=0, offset=0):
    """The bytes of a zip with one entry that says of itself what is given."""
    name, crc = name.encode(), zlib.crc32(packed)
    extra = struct.pack("<HHQ", 1, 8, offset) if offset else b""
    sizes = crc, len(packed), size, len(name)
    said = struct.pack("<HHHHHIIIH", 46, flags, method, 0, 0x5000, *sizes)
    local = b"PK\3\4" + said + struct.pack("<H", 0) + name + packed
    begins = 0xFFFFFFFF if offset else 0
    more = struct.pack("<HHHHII", len(extra), 0, 0, 0, 0, begins)
    entry = b"PK\1\2" + struct.pack("<H", 46) + said + more + name + extra
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + b"PK\5\6" + end


def bomb(method):
    """A quarter of a gigabyte of nothing, as bzip2 or LZMA packs it."""
    part = bytes(1 << 24)
    if method == zipfile.ZIP_BZIP2:
        packing, head = bz2.BZ2Compressor(), b""
    else:
        filters = [{"id": lzma.FILTER_LZMA1, "preset": 0}]
        packing = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=filters)
        head = b"\x09\x04\x05\x00" + b"\x5d" + struct.pack("<I", 1 << 18)
    parts = [packing.compress(part) for _ in range(BOMB >> 24)]
    return head + b"".join(parts) + packing.flush()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_no_way_of_packing_makes_much_of_little(tmp_path, method):
    export = tmp_path / "export/102"
    export.mkdir(parents=True)
    flags = 2 if method == zipfile.ZIP_LZMA else 0
    content = bomb(method)
    for name, inside in (("all.zip", "problem_3.py"), ("problem_1.docx", "word/document.xml")):
        (export / name).write_bytes(listing(inside, SMALL, method, content, flags))
    nested = packed({"problem_3.zip": listing("a.py", SMALL, method, content, flags)})
    (export / "nested.zip").write_bytes(nested)
    command = [sys.executable, "-c", WEIGHED, export.parent, tmp_path / "class"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100  # MB
    lines = {line.source: line for line in collect(tmp_path / "class", export.parent)}
    assert {line.became for line in lines.values()} == {"for a person"}
    assert sources.OTHERWISE in lines["export/102/all.zip/problem_3.py"].rule
    assert "ends in .docx" in lines["export/102/problem_1.docx"].rule


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_as_every_tool_packs_it_an_answer_is_taken(tmp_path, method):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("Problem 3/", "")
        archive.writestr("Problem 3/problem_3.ipynb", ANSWER)
    lines = collected(tmp_path, {"102/all.zip": content.getvalue()})
    assert [line.became for line in lines.values()] == ["taken"]


def test_a_document_that_lists_more_than_any_is_not_read(monkeypatch):
    content = packed({f"{number}": "" for number in range(11)} | {"content.xml": "<p>one"})
    assert words_of(".odt", content) == "one"
    monkeypatch.setattr("workbench.cohort.documents.MOST", 10)
    assert words_of(".odt", content) is None


NAMES = {
    "nothing": "",
    "a zero": "\0problem_3.py",
    "the root": "/",
    "above": "..",
    "a drive": "C:\\",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_entry_of_any_name_has_a_line(tmp_path, name):
    (line,) = collected(tmp_path, {"102/all.zip": listing(name, 1)}).values()
    assert line.became in ("ignored", "for a person")


def test_a_folder_that_holds_bytes_is_a_file(tmp_path):
    content = {"102/all.zip": packed({"problem_3.ipynb": ANSWER}).replace(b".ipynb", b".ipyn/")}
    ((source, line),) = collected(tmp_path, content).items()
    assert (source, line.became) == ("102/all.zip/problem_3.ipyn", "for a person")


@pytest.mark.parametrize("content", [NOTHING, packed({"a/": "", "a/b/": ""})])
def test_an_archive_without_a_file_has_a_line_of_its_own(tmp_path, content):
    lines = collected(
        tmp_path, {"102/problem_3.zip": content, "103/a.zip": packed({"b.zip": content})}
    )
    assert {name: line.rule for name, line in lines.items()} == {
        "102/problem_3.zip": sources.EMPTY,
        "103/a.zip/b.zip": sources.EMPTY,
    }
    assert {line.learner for line in lines.values()} == {"102", "103"}


def test_an_export_without_a_file_is_told_in_a_line(tmp_path):
    (tmp_path / "folder/within").mkdir(parents=True)
    (tmp_path / "export.zip").write_bytes(NOTHING)
    for export in ("folder", "export.zip"):
        with pytest.raises(PipelineError, match="there is no file in it"):
            collect(tmp_path / "class", tmp_path / export)


@pytest.mark.parametrize("offset", [1 << 62, 1 << 63, (1 << 64) - 1])
def test_a_file_that_begins_nowhere_is_damaged(tmp_path, offset):
    content = {"102/all.zip": listing("problem_3.py", 1, offset=offset)}
    (line,) = collected(tmp_path, content).values()
    assert (line.became, "damaged" in line.rule) == ("for a person", True)


class Pipe(io.BytesIO):
    """What nobody can go back in: how long a file is stands behind it."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError


@pytest.mark.parametrize("kind", [io.BytesIO, Pipe])
def test_what_the_list_of_an_archive_leaves_out_is_for_a_person(tmp_path, kind):
    content, hidden = kind(), "102/problem_3.py"
    with zipfile.ZipFile(content, "w") as archive:
        for name in (HONEST, "101/a/", hidden):
            archive.writestr(name, "" if name.endswith("/") else ANSWER)
    whole = content.getvalue()
    first, end = whole.index(b"PK\1\2"), whole.rindex(b"PK\5\6")
    rest = whole.index(b"PK\1\2", first + 1)
    # What the list says of the others is now a remark on the first.
    spoilt = whole[: first + 32] + struct.pack("<H", end - rest) + whole[first + 34 :]
    inside = {f"103/{number}.zip": one for number, one in enumerate((whole, spoilt))}
    lines = collected(tmp_path, inside)
    assert {name for name, line in lines.items() if line.rule == sources.UNLISTED} == {
        f"103/1.zip/{hidden}"
    }
    (tmp_path / "damaged.zip").write_bytes(spoilt)
    done = workbench("collect", tmp_path / "damaged.zip", "--into", tmp_path / "other")
    assert (done.returncode, f"{hidden}: {sources.UNLISTED}" in done.stdout) == (1, True)


FEW = 64  # files that may be open


@pytest.mark.parametrize("where", ["of one learner", "of as many learners"])
def test_any_number_of_archives_needs_one_open_file(tmp_path, where):
    names = [f"p{number}.zip" for number in range(3 * FEW)]
    own = packed({"notes.txt": "x"})
    if where == "of one learner":
        content = {"102/all.zip": packed(dict.fromkeys(names, own))}
    else:
        content = {f"{number}/{name}": own for number, name in enumerate(names, 200)}
    export = zipped(tmp_path / "export.zip", {HONEST: ANSWER} | content)

    def limited():
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, FEW))

    done = workbench("collect", export, "--into", tmp_path / "class", preexec_fn=limited)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{len(names) + 1} files: {len(names)} for a person, 1 taken" in done.stdout


def test_what_an_archive_could_not_be_copied_to_is_used_again(tmp_path, monkeypatch):
    many = packed({f"{number}.x": "" for number in range(5)})
    put(tmp_path, {"export/101/problem_3.ipynb": ANSWER})
    (tmp_path / "export/101/a.zip").write_bytes(many)
    (tmp_path / "export/101/b.zip").write_bytes(
        packed({"problem_2.ipynb": ANSWER.replace("3", "2")})
    )
    monkeypatch.setattr(sources, "MOST", 4)
    lines = {
        line.source[11:]: line.became for line in collect(tmp_path / "class", tmp_path / "export")
    }
    assert lines == {
        "a.zip": "for a person",
        "b.zip/problem_2.ipynb": "taken",
        "problem_3.ipynb": "taken",
    }


def test_archives_within_each_other_take_no_more_room_than_was_handed_in_allows(tmp_path):
    def zeros(megabytes):
        return packed({"problem_2.txt": bytes(megabytes << 20)})

    def deflated(content):
        inside = io.BytesIO()
        with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in content.items():
                archive.writestr(name, text)
        return inside.getvalue()

    many = {f"{number}.zip": zeros(1) for number in range(20)}
    honest = deflated({"mine.zip": packed({"problem_2.ipynb": ANSWER.replace("3", "2")})})
    lines = collected(
        tmp_path,
        {
            "102/all.zip": deflated({"a.zip": zeros(60)}),
            "103/all.zip": deflated(many),
            "104/all.zip": deflated({"b.zip": deflated({"a.zip": zeros(60)})}),
            "105/all.zip": honest,
        },
    )
    refused = {name for name, line in lines.items() if line.rule == sources.TOO_MUCH}
    assert "102/all.zip/a.zip" in refused
    assert lines["104/all.zip/b.zip/a.zip"].waits
    assert 0 < sum(name.startswith("103/") for name in refused) < 20
    assert lines["105/all.zip/mine.zip/problem_2.ipynb"].became == "taken"
