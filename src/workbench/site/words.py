"""What the pages of a site say around the lessons, in other languages.

Lessons stay English. What the generator and its theme say is in their own catalogues, what the
script of the site says in ours; all of it goes into one small script.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from workbench import language
from workbench.events import STATE_OF

THEIRS = (
    *("Search", "On this page", "Color mode", "Light", "Dark", "System Settings"),
    *("previous", "next", "previous page", "next page"),
    *("Skip to main content", "Site navigation", "Searching", "Search Results"),
    *("Preparing search...", "Search finished, found one page matching the search query."),
    "Search finished, found ${resultCount} pages matching the search query.",
    "Your search did not match any documents. Please make sure that all words are spelled "
    "correctly and that you've selected enough categories.",
)
OURS = (
    *("Language", "Contents", "Lessons", "Exercises", "How it is built"),
    *("Show a right answer", "Hide the right answer", "This run on a page of its own"),
    *("A recorded run, to step through", "Compare with the run"),
    "✎ Choose a state for each task.",
    "✓ as you said: {tasks}",
    "✗ {count} of {total} as you said. First difference: {task} is {state}, not {other}.",
)


def script() -> str:
    """A script that holds the names of all languages, and code → English → that language."""
    told = {code: words(code) for code in language.LANGUAGES if code != language.ENGLISH}
    names = json.dumps(language.LANGUAGES, ensure_ascii=False)
    return f"const LANGUAGES = {names};\nconst WORDS = {json.dumps(told, ensure_ascii=False)};\n"


def words(code: str) -> dict[str, str]:
    """English → the language; what no catalogue has is left out."""
    ours = language.table(code)
    told = {text: ours[text] for text in (*OURS, *STATE_OF.values()) if text in ours}
    for catalogue in _catalogues(code):
        told |= {text: catalogue[text] for text in THEIRS if catalogue.get(text)}
    return told


def _catalogues(code: str) -> Iterator[Mapping[str, str]]:
    """Of the generator and of its theme, English → the language; plurals left out."""
    import pydata_sphinx_theme
    import sphinx
    from babel.messages.mofile import read_mo

    for package in (sphinx, pydata_sphinx_theme):
        folder = Path(package.__file__).parent / "locale" / code / "LC_MESSAGES"
        with (folder / "sphinx.mo").open("rb") as file:
            messages = [message for message in read_mo(file) if isinstance(message.id, str)]
        yield {message.id: message.string for message in messages}
