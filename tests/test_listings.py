"""What a lesson shows folded is the file that it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from workbench.course.listings import FOLDER, listing

NAMES = sorted(path.name.removesuffix(".txt") for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_a_listing_is_written_and_shown_whole_in_words_and_folded_on_a_page(
    name, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shown = listing(name)
    assert repr(shown) == Path(name).read_text() == (FOLDER / f"{name}.txt").read_text()
    lines = [line for line in shown.splitlines() if line.strip()]
    assert shown._repr_html_().startswith(f"<details><summary>{len(lines)} lines</summary><pre>")


@pytest.mark.parametrize("name", NAMES)
def test_a_listing_is_written_as_the_lessons_are(name):
    notebooks = Path(__file__).parent.parent / "notebooks"
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--check",
        "--config",
        notebooks / "ruff.toml",
    ]
    text = (FOLDER / f"{name}.txt").read_bytes()
    subprocess.run([*command, "--stdin-filename", name, "-"], input=text, check=True)


def test_a_sign_of_the_text_is_no_tag_of_the_page(tmp_path, monkeypatch):
    from workbench.course import listings

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(listings, "FOLDER", tmp_path)
    Path("a.py.txt").write_text("assert 1 < 2\n")
    assert "1 &lt; 2" in listing("a.py")._repr_html_()
