"""The page on adding an engine is true: its example is the toy, its table is the registry's."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from workbench.engines.registry import CAPABILITIES, specs

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/add-an-engine.md").read_text()


def _cell(capability, spec, words):
    if capability in spec.capabilities:
        return "✓"
    reason = words.cannot_say.get(capability)
    return f"no: {reason}" if reason else "no"


@pytest.fixture
def table(monkeypatch):
    """The rows as they ought to be: what each engine declares, or why it cannot say it."""
    monkeypatch.syspath_prepend(ROOT / "tests/contract")
    contract_of = import_module("suite").contract_of
    engines = {spec.title: (spec, contract_of(name)) for name, spec in specs().items()}
    rows = [f"| capability | {' | '.join(engines)} |", f"|---|{'---|' * len(engines)}"]
    for capability, meaning in CAPABILITIES.items():
        cells = [_cell(capability, spec, words) for spec, words in engines.values()]
        rows.append(f"| **{capability}**: {meaning} | {' | '.join(cells)} |")
    return rows


def test_the_table_is_what_the_engines_declare(table):
    assert re.findall(r"^\|.*\|$", PAGE, re.M) == table


def test_the_example_is_the_toy_engine_and_its_entry_point():
    toy = ROOT / "tests/toy"
    [example] = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert example == (toy / "toy_engine.py").read_text()
    [entry] = re.findall(r"```toml\n.*\n(.*)\n```", PAGE)
    [distribution] = toy.glob("*.dist-info")
    assert entry.replace('"', "") in (distribution / "entry_points.txt").read_text()


def test_every_name_on_the_page_exists():
    names = re.findall(r"`(engines\.[a-z]+\.[A-Za-z_]+)`", PAGE)
    assert len(names) > 4
    for name in names:
        module, _, member = name.rpartition(".")
        assert hasattr(import_module(f"workbench.{module}"), member), name


def test_the_page_names_every_member_of_the_protocol():
    from workbench.engines.protocol import Engine

    told = set(re.findall(r"`([a-z_]+)`", PAGE))
    members = {name for name, value in vars(Engine).items() if callable(value)}
    assert {name for name in members if not name.startswith("_")} <= told
