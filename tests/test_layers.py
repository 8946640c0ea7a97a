"""Which layers confine an answer: tried by a worker, told by every report."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import doctor
from workbench.sandbox.client import Keeper, layers_here
from workbench.sandbox.layers import UNFILTERED, Layers

LOWERED = Path(__file__).parent / "lowered.py"
LEVELS = {
    "everything": (Layers(True, 4, own_user=True, filtered=True), "full"),
    "an ordinary user's worker": (Layers(True, 4, filtered=True), "full"),
    "an old kernel": (Layers(True, filtered=True), "partial"),
    "a kernel without a filter of calls": (Layers(True, 4), "partial"),
    "a container that allows no namespaces": (Layers(landlock=7, filtered=True), "partial"),
    "the same, without a filter": (Layers(landlock=7), "partial"),
    "another user and a filter": (Layers(own_user=True, filtered=True), "limits"),
    "nothing": (Layers(), "limits"),
}


@pytest.mark.parametrize("machine", LEVELS)
def test_the_level_says_how_much_holds(machine):
    layers, level = LEVELS[machine]
    assert layers.as_json() == {
        "level": level,
        "namespaces": layers.namespaces,
        "landlock": layers.landlock,
        "own_user": layers.own_user,
    }


OPEN = {  # what an answer may do beyond its folder, and how the layers are told
    "everything": (
        "",
        "full (namespaces, Landlock 4, a filter of system calls, a user of its own, limits)",
    ),
    "an old kernel": ("", "partial (namespaces, a filter of system calls, limits)"),
    "a kernel without a filter of calls": (UNFILTERED, "partial (namespaces, Landlock 4, limits)"),
    "a container that allows no namespaces": (
        "fill the disk",
        "partial (Landlock 7, a filter of system calls, limits)",
    ),
    "the same, without a filter": (
        f"fill the disk, and {UNFILTERED}",
        "partial (Landlock 7, limits)",
    ),
    "another user and a filter": (
        "read and write what everybody may, and fill the disk",
        "limits (a filter of system calls, a user of its own, limits)",
    ),
    "nothing": (
        f"read and write what its judge may, and fill the disk, and {UNFILTERED}",
        "limits (limits)",
    ),
}


@pytest.mark.parametrize("machine", OPEN)
def test_what_is_open_is_told_in_words(machine):
    layers, _ = LEVELS[machine]
    assert (layers.open, str(layers)) == OPEN[machine]


def test_doctor_tells_what_confines_answers(monkeypatch):
    monkeypatch.setattr(doctor, "LIBRARIES", {})
    monkeypatch.setattr(doctor, "specs", dict)  # engines take seconds
    told = {finding.subject: finding for finding in doctor.examine()}["confinement of answers"]
    assert told.state.startswith(str(layers_here()))
    assert told.works is (True if layers_here().level == "full" else None)


def test_a_worker_says_what_confines_its_jobs():
    with Keeper() as keeper:
        assert keeper.layers == layers_here()
        assert keeper.layers.own_user == (os.getuid() == 0)


def test_where_no_worker_starts_no_layer_is_claimed(monkeypatch):
    layers_here.cache_clear()
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert layers_here() == Layers()
    layers_here.cache_clear()


HERE = (
    "import json; from workbench.sandbox.client import layers_here as here\n"
    "print(json.dumps([here().namespaces, here().filtered, here().level, here().open]))"
)


def told_at(words):
    """At a level of less: whether there are namespaces and a filter, which level, what is open."""
    command = [sys.executable, LOWERED, words, sys.executable, "-c", HERE]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
@pytest.mark.parametrize("words", ["root", "root-nofilter", "user-nofilter", "root-nons-nofilter"])
def test_a_filter_that_the_kernel_refuses_is_missed(words):
    _, filtered, level, beyond = told_at(words)
    assert filtered == ("nofilter" not in words)
    assert (level == "full") == filtered
    assert beyond.endswith("" if filtered else UNFILTERED)
    assert bool(beyond) == (not filtered)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may be made less than it is")
@pytest.mark.parametrize(("words", "namespaces"), [("user-covered", False), ("root-covered", True)])
def test_a_small_root_has_a_proc_of_its_own_or_is_missed(words, namespaces):
    apart, filtered, level, beyond = told_at(words)
    assert (apart, filtered, level == "full") == (namespaces, True, namespaces)
    assert beyond == ("" if namespaces else "fill the disk")
