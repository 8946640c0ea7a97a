"""What a learner wrote is text on every page and in every table; who knocks at one is no news."""

import csv
import io
import socket
import struct
import threading

import pytest
from classes import BAD, graded, put
from markdown_it import MarkdownIt

from workbench.cli.feedback import read
from workbench.cohort.files import folder_of, harmless, rows_of, table
from workbench.feedback.desk import Desk
from workbench.feedback.server import Server
from workbench.feedback.templates import plain
from workbench.sandbox.message import in_a_line

IMAGE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "text",
    [
        f"``{IMAGE}`",
        f"` a\n`{IMAGE}`",
        f"`a`` {IMAGE}`",
        f"\\`{IMAGE}`",
        f"`a`{IMAGE}`b`",
        f"`{IMAGE}``",
        f"a`{IMAGE}",
        f"`\n`{IMAGE}`\n`",
    ],
)
def test_signs_of_code_let_nothing_else_through(text):
    assert "<img" not in MarkdownIt("commonmark").render(f"- {plain(text, 2)}")


def test_code_stays_code():
    assert plain("call `f(*a)` *now*") == r"call `f(*a)` \*now\*"


SIGNS = "=+-@＝＋－＠"


@pytest.mark.parametrize("between", ["", ";", "\t", "a;", "a\t", "\n", "\r\n", "'"])
@pytest.mark.parametrize("sign", SIGNS)
def test_no_program_that_parts_cells_in_its_own_way_computes_one(tmp_path, sign, between):
    cell = f"{between}{sign}1+1"
    (tmp_path / "a.csv").write_text(table(["a"], [[cell]]), newline="")
    for delimiter in ",;\t":
        text = io.StringIO((tmp_path / "a.csv").read_text(), newline="")
        for row in csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE):
            assert not any(part.strip('"').startswith(tuple(SIGNS)) for part in row)
    assert harmless(cell) != cell


@pytest.mark.parametrize("cell", ["\t=1", "a\t=1", "a\t'=1", "＝1", "'＝1", "\n=1"])
def test_such_a_cell_is_read_as_it_was_written(tmp_path, cell):
    (tmp_path / "a.csv").write_text(table(["a", "b"], [[cell, "c"]]))
    assert [row["a"] for row in rows_of(tmp_path / "a.csv")] == [cell]


def test_a_name_begins_no_line_and_no_cell():
    assert in_a_line("eve\nNext: rm\t=1\x1b") == r"eve\nNext: rm\t=1\x1b"
    assert folder_of("eve\nNext") == "eve%0ANext"
    assert folder_of("eve\t=1") == "eve%09%3D1"


@pytest.fixture
def server(tmp_path):
    put(tmp_path, {"class/learners/eve/1/problem_1.md": BAD})
    graded(tmp_path / "class")
    with Server(Desk(*read(tmp_path / "class"), "me")) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def said(server, request, hang_up=False):
    """What comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", server.server_port), 20) as line:
        line.sendall(request)
        if hang_up:  # at once, without a word
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return b""
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(1 << 16), b""))


def test_who_knocks_without_knowing_the_address_is_no_news_on_the_terminal(server, capfd):
    own = f"Host: 127.0.0.1:{server.server_port}\r\nContent-Type: application/json\r\n"
    for first, more in (
        ("GET x", ""),
        ("GET *", ""),
        ("GET /x", ""),
        ("POST /x/decisions", f"Content-Length: {'9' * 5000}\r\n"),
        (f"GET /{server.secret}/answers/{'9' * 5000}", ""),
    ):
        answer = said(server, f"{first} HTTP/1.1\r\n{own}{more}\r\n".encode())
        assert answer.startswith((b"HTTP/1.0 404", b"HTTP/1.0 400")), first
    deep = b"[" * 60_000
    head = f"POST /{server.secret}/decisions HTTP/1.1\r\n{own}Content-Length: {len(deep)}\r\n\r\n"
    assert said(server, head.encode() + deep).startswith(b"HTTP/1.0 400")
    said(server, b"GET / HT", hang_up=True)
    assert said(server, f"GET /{server.secret}/questions HTTP/1.1\r\n{own}\r\n".encode())
    assert capfd.readouterr().err == ""
