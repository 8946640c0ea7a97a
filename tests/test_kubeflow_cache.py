"""What a component made is reused while its files are as they were, and never unpickled."""

import json
import pickle
from pathlib import Path

import pytest
from kubeflow_table import CACHED, OK

from workbench import run


def test_a_second_run_reuses_the_first(pipelines):
    assert run(pipelines.files).states() == {"write": OK, "read": OK}
    assert run(pipelines.files).states() == {"write": CACHED, "read": CACHED}
    assert run(pipelines.files, text="new").states() == {"write": OK, "read": OK}


def test_a_spoilt_file_is_not_reused(pipelines):
    first = run(pipelines.files)
    first.outputs["write"].path.write_text("changed behind our back")
    assert run(pipelines.files).states()["write"] == OK


def test_nothing_is_reused_from_a_pipeline_of_another_name(pipelines):
    assert run(pipelines.same_twice).states()["double"] == OK
    assert run(pipelines.same_twice).states()["double"] == CACHED
    assert run(pipelines.same_twice_uncached).states()["double"] == OK


def test_what_is_reused_is_what_was_made(pipelines):
    first, second = run(pipelines.files), run(pipelines.files)
    made, reused = first.outputs["write"], second.outputs["write"]
    assert (reused.path, reused.digest) == (made.path, made.digest)
    assert reused.lineage() == made.lineage()
    assert second.outputs["read"] == first.outputs["read"]


class Planted:
    """Touches a file when it is unpickled."""

    def __reduce__(self):
        return Path.touch, (Path("unpickled"),)


PLANTED = {
    "half written": lambda kept: kept[: len(kept) // 2],
    "nothing": lambda kept: b"",
    "a pickle": lambda kept: pickle.dumps(("whose", Planted())),
    "a list": lambda kept: b"[1, 2]",
    "no outputs": lambda kept: b'{"origin": "x", "outputs": null}',
    "not text": lambda kept: b"\xff\xfe",
    "another artifact": lambda kept: kept.replace(b'"uri"', b'"url"'),
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_what_is_no_record_of_ours_is_passed_over(plant, pipelines):
    folder = run(pipelines.files).folder
    kept = [path for path in folder.glob("cache/*") if "uri" in path.read_text()]
    for path in kept:
        assert json.loads(path.read_text())["origin"].endswith("/write")
        path.write_bytes(plant(path.read_bytes()))
    assert len(kept) == 1
    assert run(pipelines.files).states()["write"] == OK
    assert not Path("unpickled").exists()
