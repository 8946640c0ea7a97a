"""Which layers confine an answer: tried by a worker, told by every report."""

import os

import pytest

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


def test_a_worker_says_what_confines_its_jobs():
    with Keeper() as keeper:
        assert keeper.layers == layers_here()
        assert keeper.layers.own_user == (os.getuid() == 0)


def test_where_no_worker_starts_no_layer_is_claimed(monkeypatch):
    layers_here.cache_clear()
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert layers_here() == Layers()
    layers_here.cache_clear()
