"""Which layers confine an answer: tried by a worker, told by every report."""

import os

import pytest

from workbench import doctor
from workbench.sandbox.client import Keeper, layers_here
from workbench.sandbox.layers import Layers

LEVELS = {
    "everything": (Layers(namespaces=True, landlock=4, own_user=True), "full"),
    "an ordinary user's worker": (Layers(namespaces=True, landlock=4), "full"),
    "an old kernel": (Layers(namespaces=True), "partial"),
    "a container that allows no namespaces": (Layers(landlock=7), "partial"),
    "another user and nothing else": (Layers(own_user=True), "limits"),
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
    "everything": ("", "full (namespaces, Landlock 4, a user of its own, limits)"),
    "an old kernel": ("", "partial (namespaces, limits)"),
    "a container that allows no namespaces": ("fill the disk", "partial (Landlock 7, limits)"),
    "another user and nothing else": (
        "read and write what everybody may, and fill the disk",
        "limits (a user of its own, limits)",
    ),
    "nothing": ("read and write what its judge may, and fill the disk", "limits (limits)"),
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
