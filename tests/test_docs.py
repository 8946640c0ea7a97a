"""The documents are true: links lead somewhere, names exist, the picture is of these imports."""

import json
import re
import runpy
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
WALK = ROOT / "docs" / "a-run-from-click-to-record.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"


@pytest.fixture(scope="module")
def architecture():
    return runpy.run_path(str(ROOT / "docs" / "draw_architecture.py"))


def prose(path):
    """The text without its blocks of code."""
    return re.sub(r"```.*?```", "", path.read_text(), flags=re.S)


def anchors(path):
    """The headings of a document, as links write them."""
    titles = re.findall(r"^#+ (.*)$", prose(path), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_or_a_heading(document):
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if not re.match(r"\w+:", link):
            file, _, heading = unquote(link).partition("#")
            target = document.parent / file if file else document
            assert target.exists(), link
            assert not heading or heading in anchors(target), link


def test_every_document_can_be_reached_from_the_readme():
    reached, left = set(), [ROOT / "README.md"]
    while left:
        document = left.pop()
        if document not in reached:
            reached.add(document)
            links = re.findall(r"\]\(([^)\s#]+\.md)", prose(document))
            left += [(document.parent / link).resolve() for link in links]
    assert reached >= set(DOCUMENTS)


def test_every_name_in_the_walk_from_click_to_record_exists():
    names = re.findall(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`", prose(WALK))
    assert len(names) > 20
    for name in set(names) - {"record.jsonl", "controls.js", "drawing.js"}:
        module, members = f"workbench.{name}", []
        while not find(module):
            module, _, member = module.rpartition(".")
            members.insert(0, member)
        thing = import_module(module)
        for member in members:
            assert hasattr(thing, member), name
            thing = getattr(thing, member)


def find(module):
    try:
        return find_spec(module)
    except ModuleNotFoundError:  # its parent is a class, or there is none
        return None


def test_the_lines_in_the_walk_are_those_of_the_run_in_it(tmp_path):
    text = WALK.read_text()
    [code] = re.findall(r"```python\n(.*?)```", text, re.S)
    [lines] = re.findall(r"```json\n(.*?)```", text, re.S)
    exec(code, {})
    written = (tmp_path / "run" / "record.jsonl").read_text().splitlines()[1:]
    events = [json.loads(line) for line in written]
    for event in events:
        del event["at"]
    assert events == [json.loads(line) for line in lines.splitlines()]


def test_the_picture_of_the_rooms_is_of_these_imports(architecture):
    drawn = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    assert drawn == architecture["drawing"](), "redraw it: python docs/draw_architecture.py"


def test_every_room_is_told_in_a_line(architecture):
    rows = re.findall(r"^\| `([^`]+)` \|", ARCHITECTURE.read_text(), re.M)
    assert sorted(rows) == sorted(architecture["rooms"]().tasks)


def test_every_module_that_a_room_names_stands_in_it(architecture):
    names = architecture["modules"]()
    rooms = {(architecture["room_of"](name), name.split(".")[-1]) for name in names}
    for room, words in re.findall(r"^\| `([^`]+)` \| (.*) \|$", ARCHITECTURE.read_text(), re.M):
        for module in set(re.findall(r"`([a-z]+)`", words)) - {"prove"}:
            assert (room, module) in rooms, f"{room}: {module}"
