"""What other services read of this project: it parses, and what it calls is there."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted([*ROOT.glob(".github/workflows/*.yml"), ROOT / "docs/class-workflow.yml"])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_what_there_is_and_may_write_nothing_by_itself(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow.keys() >= {"name", "jobs", True}  # YAML 1.1 takes `on` for true
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(step.keys() & {"run", "uses"} for step in steps)
    for step in steps:
        assert set(re.findall(r"\bmake ([a-z-]+)", step.get("run", ""))) <= TARGETS
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))


def test_the_checks_of_every_change_run_on_each_python_that_is_promised():
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]
    assert jobs["linux"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert "(trial)" in jobs["macos"]["name"]
    assert jobs["macos"]["continue-on-error"] is True


def test_a_container_is_set_up_as_a_clone_is():
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert container["postCreateCommand"] == "make setup"
    binder = ROOT / ".binder/postBuild"
    assert os.access(binder, os.X_OK)
    assert "--constraints requirements.lock --editable '.[all]'" in binder.read_text()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_page_that_is_linked_is_there(name):
    text = (ROOT / name).read_text()
    headings = {
        re.sub(r"[^\w\s-]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in (ROOT / "README.md").read_text().splitlines()
        if line.startswith("#")
    }
    for link in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = link.partition("#")
        assert not path or (ROOT / path).exists(), link
        assert not anchor or anchor in headings, link


def test_a_weakness_is_reported_in_private_and_no_address_is_named():
    text = (ROOT / "SECURITY.md").read_text()
    assert "privately" in text
    assert "@" not in text
    assert "://" not in text
