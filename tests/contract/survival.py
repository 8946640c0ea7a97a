"""A run that was killed goes on in another process."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from vocabulary import PATIENCE, Vocabulary, assert_sound, needs, until

from workbench import Record, Run

KILLED = Path(__file__).with_name("killed.py")
# The diamond's own start, and for each task: queued, started, output, succeeded. A killed run has
# at least the first of these in its record, and hardly ever all.
EVENTS = 1 + 4 * 4
ATTEMPTS = 5  # to kill a run before it is through
SAMPLE = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(1)]
FULL = [pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 23)]


class Survival(Vocabulary):
    counts_interrupted = False  # whether the engine counts an interrupted attempt as a try

    @pytest.fixture
    def begin(self, tmp_path):
        """begin(pipeline, folder) is a process that begins a run there, or goes on with it."""
        processes = []

        def begin(pipeline, folder):
            command = [sys.executable, KILLED, self.engine, pipeline, folder]
            with (tmp_path / f"process-{len(processes)}.log").open("w") as log:
                processes.append(
                    subprocess.Popen(
                        command,
                        cwd=tmp_path,
                        env=os.environ | {"WORKBENCH_HOME": str(tmp_path / "home")},
                        stdout=subprocess.PIPE,
                        stderr=log,
                        text=True,
                    )
                )
            processes[-1].log = Path(log.name)
            return processes[-1]

        yield begin
        for process in processes:
            process.kill()
            process.communicate()

    @pytest.mark.slow_where_heavy
    def test_a_run_that_was_killed_goes_on_with_what_was_interrupted(self, begin, tmp_path):
        first, second, third = map(self.name, ("first", "second", "third"))
        folder = tmp_path / "run"
        child = begin("held", folder)
        until(lambda: (tmp_path / "held").exists() or child.poll() is not None)
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

    @pytest.mark.parametrize("seed", [*SAMPLE, *FULL])
    def test_a_run_that_is_killed_at_any_moment_goes_on_to_a_good_end(
        self, begin, tmp_path, monkeypatch, seed
    ):
        monkeypatch.setenv("CONTRACT_PAUSE", "0.3")
        moment = random.Random(f"{self.engine} {seed}").randint(1, EVENTS - 1)
        for attempt in range(ATTEMPTS):  # a busy machine may get through before it is seen
            folder = tmp_path / f"run-{attempt}"
            if killed_at(begin("diamond", folder), folder / "record.jsonl", moment):
                break
        else:
            pytest.fail(f"{ATTEMPTS} runs were through before they could be killed")
        before = Record.load(folder)

        process = begin("diamond", folder)
        out, _ = process.communicate(timeout=PATIENCE)
        assert out, process.log.read_text()
        ended = json.loads(out.splitlines()[-1])
        assert (ended["state"], ended["outputs"][self.name("last")]) == ("success", 5)
        assert_nothing_lost(before, Record.load(folder))

    @pytest.mark.slow_where_heavy
    @needs("retries")
    def test_an_interrupted_attempt_counts_as_a_try_where_the_engine_counts_it(
        self, opened, tmp_path
    ):
        """The task has two retries: three attempts of its own, or one less."""
        flaky = self.name("flaky")
        run = opened(self.flaky())
        run.ready()
        for kind in ("queued", "started"):  # as a crash leaves it
            run.record.append(kind, flaky, run.record.last_at, 1)
        run.engine.close()
        run.record.detach()

        run = Run.resume(run.folder, self.flaky())
        run.ready()
        run.inject(flaky, "raise")
        run.run_all()
        first, *others = [attempt.error for attempt in run.record.attempts(flaky)]
        assert first == "interrupted"
        assert len(others) == (2 if self.counts_interrupted else 3)
        assert all("injected" in error for error in others)
        run.close()


def killed_at(process, record, events):
    """End the process without a word once so many events are on disk; False: it was through."""
    until(lambda: process.poll() is not None or lines_in(record) > events)
    process.kill()
    return process.wait() == -signal.SIGKILL


def lines_in(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


def assert_nothing_lost(before, after):
    """What was finished has run once, what was interrupted is told so, and attempts count on."""
    finished = {task for task, state in before.states().items() if state == "success"}
    interrupted = {task for task, state in before.states().items() if state == "running"}
    assert set(after.states().values()) == {"success"}
    assert after.events[: len(before)] == before.events
    assert "upstream_failed" not in {event.kind for event in after.events}
    attempts = {task: after.attempts(task) for task in after.states()}
    assert all(len(attempts[task]) == 1 for task in finished)
    assert {task for task in attempts if attempts[task][0].interrupted} == interrupted
    for several in attempts.values():
        assert [attempt.number for attempt in several] == list(range(1, len(several) + 1))
