"""Secrets by their names: what is called a password or token is not shown to whoever opens a page.

Masked are values under such a name (of a parameter, a key, a column), the same values wherever else
they stand, and in running text what follows such a name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

MASK = "•••"
SHORTEST = 4  # characters of a value that is looked for elsewhere; "1" would be everywhere
WORDS = (
    r"(?:pass(?:word|wd|phrase)s?|pwd|secrets?|token|credentials?|authorization|"
    r"(?:api|access|private|signing|encryption)[_-]?keys?)(?![a-z])"
)
NAME = re.compile(WORDS, re.IGNORECASE)
QUOTE = r"(?:['\"]|&\#x27;|&quot;)?"
AFTER_NAME = re.compile(
    rf"({WORDS}(?:[_-]\w+)?{QUOTE}\s*[:=]\s*(?:bearer |basic )?{QUOTE})([^\s'\"<>,;&)}}\]]+)",
    re.IGNORECASE,
)
IN_SUMMARY = re.compile(rf"{WORDS}[\w-]*['\"]\s*:\s*(?:'([^']+)'|\"([^\"]+)\")", re.IGNORECASE)
IN_ADDRESS = re.compile(r"(://)[^\s/@:]+:[^\s/@]+(?=@)")


class Mask:
    """Masks values and texts, and knows the secrets that it has met."""

    def __init__(self) -> None:
        self._met: set[str] = set()

    def value(self, value: Any) -> Any:
        """The same without what stands under a secret name; other values are as they were."""
        if isinstance(value, Mapping):
            return {key: self.named(key, item) for key, item in value.items()}
        if type(value) in (list, tuple):
            return type(value)(map(self.value, value))
        if hasattr(value, "columns") and hasattr(value, "assign"):
            columns = [column for column in value.columns if NAME.search(str(column))]
            for column in columns:
                self._meet(*value[column].tolist())
            return value.assign(**{str(column): MASK for column in columns}) if columns else value
        return value

    def named(self, name: Any, value: Any) -> Any:
        """A value under its name."""
        if value is None or not NAME.search(str(name)):
            return self.value(value)
        self._meet(*(value if isinstance(value, (list, tuple, set)) else [value]))
        return MASK

    def read(self, summaries: Iterable[str]) -> None:
        """Meet what stands under a secret name in summaries of mappings that are not shown."""
        for summary in summaries:
            for values in IN_SUMMARY.findall(summary):
                self._meet(*values)

    def text(self, text: str) -> str:
        """A text, also of HTML, without secrets met so far and those that follow their name."""
        for secret in sorted(self._met, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return IN_ADDRESS.sub(rf"\1{MASK}", AFTER_NAME.sub(rf"\1{MASK}", text))

    def texts(self, tree: Any) -> Any:
        """Every text in lists and dictionaries, as `text`; keys are as they were."""
        if isinstance(tree, str):
            return self.text(tree)
        if isinstance(tree, list):
            return [self.texts(item) for item in tree]
        if isinstance(tree, dict):
            return {key: self.texts(item) for key, item in tree.items()}
        return tree

    def _meet(self, *values: Any) -> None:
        self._met |= {str(value) for value in values if len(str(value)) >= SHORTEST}
