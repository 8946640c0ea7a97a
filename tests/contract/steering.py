"""The controls: step, run to, run all, stop, retry, back, fork."""

import pytest
from vocabulary import Vocabulary, assert_sound, in_thread, joined, needs, refused, until

from workbench import Run, draw, why


def given(**inputs):
    """What stands in for a task of the chain: 40 more than it receives."""
    [value] = inputs.values()
    return value + 40


class Steering(Vocabulary):
    def test_a_step_is_one_attempt_of_one_ready_task(self, opened):
        first, second, third = map(self.name, ("first", "second", "third"))
        run = opened(self.chain())
        assert run.ready() == [first]
        assert run.step() == first
        assert run.outputs[first] == 1
        assert run.ready() == [second]
        assert list(run.inputs(second).values()) == [1]
        assert run.record.attempts(second) == ()
        assert run.step(second) == second
        assert run.step() == third
        assert run.step() is None
        assert run.outputs[third] == 3
        assert (run.record.engine, run.record.state) == (self.engine, "success")
        assert_sound(run)

    def test_what_stands_in_for_a_task_is_known_to_all_that_goes_on(self, opened):
        first, second, third = map(self.name, ("first", "second", "third"))
        run = opened(self.chain(), stand_in={second: given})
        run.run_to(second)
        assert (run.outputs[first], run.outputs[second]) == (1, 41)
        assert f"{second}: success (after {first}) (stand-in)" in repr(draw(run))
        assert "its code replaced by a stand-in" in why(run.record, second)
        fork = run.fork()
        fork.retry(second)
        fork.run_all()
        fork.close()
        assert fork.outputs[third] == 42
        run.close()
        again = Run.resume(run.folder, self.chain())
        again.retry(second)
        again.run_all()
        again.close()
        assert again.outputs[third] == 42

    def test_a_stand_in_can_be_made_to_fail(self, opened):
        run = opened(self.chain(), stand_in={self.name("first"): 5})
        run.inject(self.name("first"), "raise once")
        run.step()
        assert run.states[self.name("first")] == "failed"
        run.retry(self.name("first"))
        run.run_all()
        assert run.outputs[self.name("third")] == 7

    def test_a_run_halts_at_a_breakpoint_and_then_goes_on(self, opened):
        first, second, third = map(self.name, ("first", "second", "third"))
        run = opened(self.chain())
        run.ready()
        run.breakpoint(second)
        run.breakpoint(first, "value == 1")
        run.run_all()
        assert (run.halted, run.states[first]) == (f"after {first}: value == 1", "success")
        run.run_all()
        assert run.halted == f"before {second}"
        assert not run.record.attempts(second)
        run.run_all()
        assert (run.halted, run.outputs[third]) == (None, 3)
        assert_sound(run)

    def test_code_that_has_not_changed_is_reloaded_and_nothing_is_stale(self, opened):
        first, third = map(self.name, ("first", "third"))
        run = opened(self.chain())
        run.run_to(first)
        assert run.reload(self.chain()) == ()
        run.run_all()
        assert (run.outputs[third], run.record.state) == (3, "success")
        assert len(run.record.attempts(first)) == 1
        assert_sound(run)

    @needs("answers")
    def test_a_task_that_asks_waits_until_it_is_answered(self, opened):
        ask, later = self.name("ask"), self.name("later")
        run = opened(self.asking())
        run.run_all()
        assert list(run.questions) == [ask]
        assert (run.ready(), run.states[ask]) == ([], "retrying")
        assert "waits for a person's answer" in why(run.record, ask)
        assert "cannot be answered" in refused(lambda: run.answer(ask, "no such thing"))
        run.answer(ask, self.answer)
        assert (run.ready(), dict(run.questions)) == ([ask], {})
        run.run_all()
        assert (run.outputs[later], run.record.state) == (1, "success")
        assert_sound(run)

    def test_an_answer_that_nobody_asked_for_is_refused(self, opened):
        run = opened(self.chain())
        run.ready()
        assert "waits for no answer" in refused(lambda: run.answer(self.name("first"), 1))

    def test_a_task_that_is_not_ready_is_refused(self, opened):
        run = opened(self.chain())
        run.ready()
        assert "unknown" in refused(lambda: run.step("unknown"))

    def test_run_to_runs_what_the_task_needs_and_nothing_else(self, opened):
        first, left, right, last = map(self.name, ("first", "left", "right", "last"))
        run = opened(self.diamond())
        run.run_to(left)
        assert (run.states[first], run.states[left]) == ("success", "success")
        assert not run.record.attempts(last)
        if not run.graph.dynamic:  # where edges are not known before, siblings may have run
            assert not run.record.attempts(right)
            assert right in run.ready()

    def test_run_all_ends_when_nothing_is_ready(self, opened):
        run = opened(self.diamond())
        run.run_all()
        last = self.name("last")
        assert {run.states[self.name(task)] for task in ("first", "left", "right", "last")} == {
            "success"
        }
        assert run.outputs[last] == 5
        assert run.record.state == "success"
        assert run.ready() == []
        assert {self.name("left"), self.name("right")} <= set(run.graph.upstream(last))
        assert_sound(run)

    def test_retry_clears_a_task_and_what_follows_and_runs_nothing(self, opened):
        first, second, third = map(self.name, ("first", "second", "third"))
        run = opened(self.chain())
        run.run_all()
        run.retry(second)
        assert run.states[first] == "success"
        assert {run.states.get(task, "pending") for task in (second, third)} == {"pending"}
        run.run_all()
        assert [len(run.record.attempts(task)) for task in (first, second, third)] == [1, 2, 2]
        assert run.record.state == "success"
        assert_sound(run)

    def test_back_shows_a_moment_and_acting_there_goes_on_from_it(self, opened):
        first, second, third = map(self.name, ("first", "second", "third"))
        run = opened(self.chain())
        run.run_all()
        before = len(run.record)
        run.back(run.record.last(first, "succeeded").seq)
        assert dict(run.outputs) == {first: 1}
        assert run.states[first] == "success"
        assert len(run.record) == before
        run.back(None)
        assert run.outputs[third] == 3
        run.back(run.record.last(first, "succeeded").seq)
        assert run.step() == second
        assert run.states.get(third, "pending") == "pending"
        assert [len(run.record.attempts(task)) for task in (first, second, third)] == [1, 2, 1]
        assert_sound(run)

    def test_a_fork_replaces_an_output_and_runs_what_follows(self, opened, tmp_path):
        first, third = self.name("first"), self.name("third")
        run = opened(self.chain())
        run.run_all()
        fork = run.fork({first: 10}, tmp_path / "fork")
        fork.run_all()
        assert (fork.outputs[first], fork.outputs[third]) == (10, 12)
        assert fork.record.state == "success"
        assert (run.outputs[first], run.outputs[third]) == (1, 3)
        fork.close()

    def test_stop_ends_what_runs_and_the_run_can_go_on(self, opened, tmp_path):
        second, third = self.name("second"), self.name("third")
        run = opened(self.held())
        driver = in_thread(run.run_all)
        until((tmp_path / "held").exists)
        run.stop()
        joined(driver)
        assert run.states[second] == "failed"
        assert run.record.error(second) == "stopped"
        (tmp_path / "go").touch()
        run.retry(second)
        run.run_all()
        assert run.outputs[third] == 3
        assert len(run.record.attempts(second)) == 2
        assert run.record.state == "success"
        assert_sound(run)

    @pytest.mark.slow_where_heavy
    def test_two_runs_at_once_do_not_mix(self, opened, tmp_path):
        runs = [opened(self.held()), opened(self.held())]
        drivers = [in_thread(run.run_all) for run in runs]
        until(lambda: all(run.states.get(self.name("second")) == "running" for run in runs))
        (tmp_path / "go").touch()
        for driver in drivers:
            joined(driver)
        for run in runs:
            assert run.outputs[self.name("third")] == 3
            assert run.record.state == "success"
            assert len(run.record.attempts(self.name("third"))) == 1
            assert_sound(run)
