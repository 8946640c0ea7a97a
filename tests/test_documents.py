"""Of a page or a word processor's file, what its reader sees is read, and nothing beside it."""

import io
import time
import zipfile
from dataclasses import replace

import pytest
from classes import CODE, GOOD, collect, put

from workbench.cohort import collected
from workbench.cohort.documents import is_readable, words_of

SENTENCES = [f"{sentence}." for sentence in GOOD.replace("\n", " ").strip(" .").split(". ")]
INDENTED = "import os\n\n\ndef process_data(a, b):\n    for one in a:\n        return os, one"
ROUGH = "An edge may lead from a task back to itself."


def page(text):
    return words_of(".html", text.encode())


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "<p>{}</p>".format("<br>".join(SENTENCES)),
        "<p>{}</p>".format("<br />\r\n".join(SENTENCES)),
        "<p>{}".format("<p>".join(SENTENCES)),
        "{}<hr>{}<div>{}</div>{}".format(*SENTENCES),
        "<style>p{{color:red}}</style><script>1 < 2</script><p>{}</p>".format(
            "<br>".join(SENTENCES)
        ),
        "<html><head><title>Mine</title><body><ul><li>{}</ul>".format("<li>".join(SENTENCES)),
    ],
)
def test_a_page_has_a_line_for_each_line_that_is_seen(text):
    assert lines(page(text)) == SENTENCES


@pytest.mark.parametrize("end", ["<br>", "<br>\n", "<br/>\r\n"])
def test_code_that_was_typed_into_a_page_is_the_code(end):
    typed = INDENTED.replace("    ", "&nbsp; &nbsp; ").replace("\n", end)
    assert page(f"<p>{typed}</p>") == INDENTED
    assert page(f"<pre>{INDENTED}</pre>") == INDENTED


def test_cells_of_a_table_are_apart():
    assert page("<table><tr><td>node</td><td>task</td></tr></table>").split() == ["node", "task"]


def odt(body):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", f"<office:text>{body}</office:text>")
    return content.getvalue()


PARAGRAPHS = "".join(f'<text:p text:style-name="P1">{one}</text:p>' for one in SENTENCES)
STRUCK = f"<text:tracked-changes><text:deletion><text:p>{ROUGH}</text:p></text:deletion>"
STRUCK += "</text:tracked-changes>"
NOTE = f'<office:annotation office:name="1"><dc:creator>T</dc:creator><text:p>{ROUGH}</text:p>'
NOTE += "</office:annotation>"


@pytest.mark.parametrize(
    "body",
    [
        PARAGRAPHS,
        STRUCK + PARAGRAPHS,
        PARAGRAPHS.replace("</text:p>", f"{NOTE}</text:p>"),
        PARAGRAPHS.replace("</text:p>", '<office:annotation-end office:name="1"/></text:p>'),
        PARAGRAPHS.replace(" is", "<text:s/>is"),
    ],
)
def test_what_is_struck_out_or_stands_in_the_margin_is_not_read(body):
    assert lines(words_of(".odt", odt(body))) == SENTENCES


def test_what_never_ends_or_never_began():
    body = "<office:annotation>" * 20_000 + ROUGH
    assert words_of(".odt", odt(body)) == ""
    assert words_of(".odt", odt("</office:annotation>" * 9 + f"<text:p>{ROUGH}")) == ROUGH
    assert words_of(".odt", odt('a<text:s text:c="4"/>b<text:tab/>c')) == "a    b c"


def test_typed_code_is_code_to_a_class(tmp_path):
    typed = CODE.replace(": pass", ":<br>&nbsp; &nbsp; return 1")
    names = ("Jane Doe_1_assignsubmission_onlinetext_", "Bob Ray_2_assignsubmission_onlinetext_")
    put(tmp_path / "export", {f"{name}/onlinetext.html": f"<p>{typed}</p>" for name in names})
    export, root = tmp_path / "export", tmp_path / "class"
    waiting = collect(root, export)
    assert {line.became for line in waiting} == {"for a person"}  # nothing says for which problem
    chosen = [replace(line, became="taken", problem="problem_3") for line in waiting]
    collected.write(root, chosen)
    for line in collect(root, export):
        assert line.file.endswith("problem_3.py")
        assert (root / line.file).read_text().strip() == CODE.replace(": pass", ":\n    return 1")


@pytest.mark.parametrize("page", ["<p>My notes <![ x </p>", "<![foo[ x", "a <![ endif]> b", "<!["])
def test_a_page_that_no_reader_takes_costs_nobody_else_their_row(tmp_path, page):
    put(tmp_path / "export", {"ann/problem_3.py": CODE, "eve/notes.html": page})
    taken, waiting = collect(tmp_path / "class", tmp_path / "export")
    assert (taken.became, waiting.became) == ("taken", "for a person")
    words_of(".html", page.encode())


@pytest.mark.parametrize("text", ['<text:s text:c="99"/>>a', "</w:p>", ">&notit;"])
@pytest.mark.parametrize("size", [1 << 20, 4 << 20, 24 << 20])
def test_what_is_packed_in_a_document_is_read_within_bounds(text, size):
    name, suffix = ("word/document.xml", ".docx") if "w:p" in text else ("content.xml", ".odt")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text * (size // len(text)))
    begin = time.process_time()
    assert is_readable(suffix, content.getvalue()) == (size <= 4 << 20)
    assert time.process_time() - begin < 0.2
    assert len(words_of(suffix, content.getvalue()) or "") <= 1 << 20
    assert time.process_time() - begin < 3
