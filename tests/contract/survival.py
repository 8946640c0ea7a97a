"""A run that was killed goes on in another process."""

import subprocess
import sys
from pathlib import Path

import pytest
from vocabulary import Vocabulary, assert_sound, until

from workbench import Record, Run

KILLED = Path(__file__).with_name("killed.py")


class Survival(Vocabulary):
    @pytest.mark.in_another_process
    def test_a_run_that_was_killed_goes_on_with_what_was_interrupted(self, tmp_path):
        first, second, third = map(self.name, ("first", "second", "third"))
        folder = tmp_path / "run"
        child = subprocess.Popen([sys.executable, KILLED, self.engine, folder])
        try:
            until(lambda: (tmp_path / "held").exists() or child.poll() is not None)
        finally:
            child.kill()
            child.wait()
        assert Record.load(folder).state_of(second) == "running"
        run = Run.resume(folder, self.held())
        assert run.record.last(second, "failed").detail == "interrupted"
        assert run.states[second] == "pending"
        (tmp_path / "go").touch()
        run.run_all()
        assert [len(run.record.attempts(task)) for task in (first, second, third)] == [1, 2, 1]
        assert run.outputs[third] == 3
        assert run.record.state == "success"
        assert_sound(run)
        run.close()
