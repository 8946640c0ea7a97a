"""The words of the interface in the reader's language: English unless another is asked for.

Ids, records, JSON and CSV are English always, and so is what one part tells another: words are
changed where they are shown. A sentence has `{placeholders}`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from workbench.graph import PipelineError

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "es": "Español"}
FOLDER = Path(__file__).with_name("locale")

_chosen = [ENGLISH]  # of this process; the environment's LANG is not asked


def speak(language: str) -> None:
    """Show words in this language from now on; raise PipelineError for one that is not known."""
    if language not in LANGUAGES:
        known = ", ".join(f"{code!r} ({name})" for code, name in LANGUAGES.items())
        raise PipelineError(f"there is no language {language!r}; there are {known}")
    _chosen[0] = language


def spoken() -> str:
    """The language that words are shown in, as its code."""
    return _chosen[0]


def t(text: str, **values: object) -> str:
    """The text in the reader's language, its placeholders filled; as it is where there is none."""
    told = table(spoken()).get(text, text)
    return told.format(**values) if values else told


@cache
def table(language: str) -> Mapping[str, str]:
    """English → the language, every message; empty for English. Raise OSError where the
    installation has lost its catalogue."""
    from babel.messages.pofile import read_po  # takes a moment, and most want English

    if language == ENGLISH:
        return {}
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {message.id: message.string for message in catalogue if message.id}


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """Code → `table`, of every language but English."""
    return {language: table(language) for language in LANGUAGES if language != ENGLISH}
