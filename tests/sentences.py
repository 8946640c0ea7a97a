"""What people say about DAGs, labelled sentence by sentence before the judge saw it.

A line is `LETTERS | sentence`: a capital for what it says rightly, a small letter for what it says
wrongly, `-` for neither. Below `# right` or `# wrong` the lines up to the next are one answer.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "answers/sentences"


def sentences(*names):
    """(sentence, whether something in it is wrong) of files, of all by default."""
    for file in sorted(FOLDER.glob("*.txt")):
        if not names or file.stem in names:
            for line in file.read_text(encoding="utf-8").splitlines():
                letters, bar, sentence = line.partition(" | ")
                if bar:
                    yield sentence, bool(re.search("[a-z]", letters))


def answers(name):
    """(text, whether it is right) of each answer of a file."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    for kind, lines in re.findall(r"(?m)^# (\w+)\n((?:[^#\n].*\n)+)", text):
        yield "".join(map(_said, lines.splitlines())).strip(), kind == "right"


def _said(line):
    """Its sentence, and what divides it from the next: a line's end is one where no sign is."""
    sentence = line.partition(" | ")[2]
    return sentence + (" " if sentence.endswith((".", "!", "?", ":")) else "\n")
