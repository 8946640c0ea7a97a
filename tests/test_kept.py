"""Kept runs are whole records of the real thing."""

import pytest

from workbench import PipelineError
from workbench.course.kept import FOLDER, kept

NAMES = sorted(path.stem for path in FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_run_has_an_end_for_every_task(name):
    record = kept(name)
    assert record.state == "success"
    assert set(record.states().values()) <= {"success", "skipped"}


def test_a_name_that_is_not_kept_is_told_what_is():
    with pytest.raises(PipelineError, match="no run is kept as 'other'.*complete_ml_pipeline"):
        kept("other")
