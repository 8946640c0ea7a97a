"""Results of notebooks as build servers read them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as xml

COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
# Everything but what XML 1.0 allows; ElementTree writes the rest as it is, and nobody can read it.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Case:
    """A line of the report; ``error`` is None for what went well."""

    name: str
    seconds: float
    error: str | None


def legible(text: str) -> str:
    """The text without a terminal's colours; what is no character of XML becomes ``\ufffd``."""
    return FORBIDDEN.sub("\ufffd", COLOURS.sub("", text))


def write(path: Path, cases: Iterable[Case], name: str = "notebooks") -> None:
    """Write ``junit.xml``, which is well-formed whatever the names and errors hold."""
    cases = list(cases)
    failures = str(sum(case.error is not None for case in cases))
    suite = xml.Element("testsuite", name=legible(name), tests=str(len(cases)), failures=failures)
    for case in cases:
        attributes = {"name": legible(case.name), "time": f"{case.seconds:.3f}"}
        element = xml.SubElement(suite, "testcase", attributes)
        if case.error is not None:
            xml.SubElement(element, "failure", message=legible(case.error))
    xml.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
