"""What goes wrong: injected failures, retries, timeouts, and what an engine cannot do."""

import re

import pytest
from vocabulary import Vocabulary, assert_sound, in_thread, joined, needs, refused, until

from workbench.engines.registry import CAPABILITIES, injections
from workbench.engines.sabotage import INJECTIONS


class Failing(Vocabulary):
    def test_injected_failures_hold_until_the_task_is_retried(self, opened):
        second, third = self.name("second"), self.name("third")
        run = opened(self.chain())
        run.step()
        ways = [how for how in ("raise", "raise once", "kill") if how in injections(self.engine)]
        for how in ways:
            run.inject(second, how)
            assert run.step(second) == second
            assert run.states[second] == "failed"
            assert re.search("SIGKILL" if how == "kill" else "inject", run.record.error(second))
            run.retry(second)
            assert second in run.ready()
        run.run_all()
        assert run.outputs[third] == 3
        assert len(run.record.attempts(second)) == len(ways) + 1
        assert_sound(run)

    def test_what_is_downstream_of_a_failure_does_not_run(self, opened):
        second, third = self.name("second"), self.name("third")
        run = opened(self.chain())
        run.step()
        run.inject(second, "raise")
        run.run_all()
        assert run.states[second] == "failed"
        assert run.states.get(third, "upstream_failed") in ("upstream_failed", "pending")
        assert not run.record.attempts(third)
        assert run.record.state == "failed"

    @needs("corrupt output")
    def test_a_corrupted_output_is_another_and_the_task_succeeds(self, opened):
        first = self.name("first")
        run = opened(self.chain())
        run.ready()
        run.inject(first, "corrupt output")
        run.step()
        assert run.states[first] == "success"
        assert run.outputs[first] != 1

    @needs("hang")
    def test_a_task_that_hangs_is_ended_by_stop(self, opened):
        first = self.name("first")
        run = opened(self.chain())
        run.ready()
        run.inject(first, "hang")
        driver = in_thread(run.run_all)
        until(lambda: run.states.get(first) == "running")
        run.stop()
        joined(driver)
        assert run.states[first] == "failed"
        assert run.record.error(first) == "stopped"

    def test_an_unknown_way_to_fail_is_refused(self, opened):
        run = opened(self.chain())
        run.ready()
        assert "choose from raise, raise once" in refused(
            lambda: run.inject(self.name("first"), "explode")
        )

    @needs("retries")
    @pytest.mark.parametrize(("delays", "delay"), [("recorded", 600.0), ("real", 1.0)])
    def test_a_retry_is_recorded_with_its_delay_and_slept_only_when_real(
        self, opened, delays, delay
    ):
        flaky = self.name("flaky")
        run = opened(self.flaky(delay), delays=delays)
        run.run_all()
        assert run.states[flaky] == "success"
        first, second = run.record.attempts(flaky)
        assert (first.state, second.state) == ("failed", "success")
        assert run.record.last(flaky, "retrying").detail["delay"] == pytest.approx(delay, abs=0.1)
        assert "no answer" in run.record.last(flaky, "retrying").detail["error"]
        waited = second.start - first.end
        assert waited >= 0.9 * delay if delays == "real" else waited < delay
        assert_sound(run)

    @needs("retries")
    @pytest.mark.parametrize(("how", "attempts"), [("raise", 3), ("raise once", 2)])
    def test_an_injection_holds_for_every_attempt_or_for_one(self, opened, tmp_path, how, attempts):
        (tmp_path / "tried").touch()  # the task's own failure is over
        flaky = self.name("flaky")
        run = opened(self.flaky(600.0))
        run.ready()
        run.inject(flaky, how)
        run.run_all()
        assert len(run.record.attempts(flaky)) == attempts
        assert run.states[flaky] == ("failed" if how == "raise" else "success")

    @needs("timeout")
    def test_an_attempt_that_lasts_too_long_fails(self, opened):
        slow = self.name("slow")
        run = opened(self.slow())
        run.run_all()
        assert run.states[slow] == "failed"
        assert re.search("(?i)timeout|timed out|ran longer", run.record.error(slow))
        assert run.record.attempts(slow)[0].duration < 60

    def test_run_parameters_that_do_not_fit_are_refused(self, opened, tmp_path):
        line = refused(lambda: opened(self.chain(), **self.misfit))
        assert next(iter(self.misfit)) in line
        assert not list(tmp_path.glob("run-*/record.jsonl"))

    def test_what_is_not_declared_is_refused_or_cannot_be_said(self, opened):
        declared = self.spec().capabilities
        assert declared <= set(CAPABILITIES)
        assert not set(self.cannot_say) & declared
        for capability, pipeline in self.OF.items():
            factory = getattr(self, pipeline)
            assert (factory is None) == (capability in self.cannot_say), capability
            if factory and capability not in declared:
                refused(lambda make=factory: opened(make()).run_all())

    def test_a_failure_that_cannot_be_injected_is_refused(self, opened):
        run = opened(self.chain())
        run.ready()
        for how in set(INJECTIONS) - set(injections(self.engine)):
            assert repr(how) in refused(lambda how=how: run.inject(self.name("first"), how))
