"""What a graph can be: parameters, branches, maps, and what is told of a task."""

from vocabulary import Vocabulary, assert_sound, instances, needs


class Shapes(Vocabulary):
    @needs("parameters")
    def test_a_run_takes_its_parameters(self, opened):
        add = self.name("add")
        run = opened(self.adder(), value=5)
        run.run_all()
        assert run.outputs[add] == 6
        assert run.record.parameters == {"value": 5}
        assert_sound(run)

    @needs("parameters")
    def test_a_parameter_has_its_default(self, opened):
        run = opened(self.adder())
        run.run_all()
        assert run.outputs[self.name("add")] == 2

    @needs("order-only edges")
    def test_a_task_may_wait_for_another_and_receive_nothing(self, opened):
        first, later = self.name("first"), self.name("later")
        run = opened(self.ordered())
        run.run_all()
        assert run.record.state == "success"
        assert (first, later) in run.graph.edges
        assert set(run.inputs(later).values()) <= {None}
        assert_sound(run)

    @needs("skipped branch")
    def test_a_branch_that_is_not_taken_is_skipped(self, opened):
        run = opened(self.choice())
        run.run_all()
        (taken,), (left,) = instances(run, "taken"), instances(run, "left")
        assert (run.states[taken], run.states[left]) == ("success", "skipped")
        assert not run.record.attempts(left)
        assert run.record.state == "success"
        assert_sound(run)

    @needs("mapped tasks")
    def test_a_task_runs_once_for_each_item_of_a_list_that_a_task_made(self, opened):
        run = opened(self.mapped())
        run.run_to(self.name("numbers"))
        run.run_all()
        doubles = instances(run, "double")
        assert len(doubles) == 3
        assert sorted(run.outputs[name] for name in doubles) == [2, 4, 6]
        assert run.outputs[self.name("total")] == 12
        assert run.record.state == "success"
        assert_sound(run)

    @needs("growing graph")
    def test_the_graph_grows_while_the_run_goes_on(self, opened):
        run = opened(self.mapped())
        before = set(run.graph.tasks)
        run.run_to(self.name("numbers"))
        run.ready()
        assert before < set(run.graph.tasks)
        assert run.record.last(None, "graph").detail["tasks"]

    @needs("cached")
    def test_an_attempt_is_answered_by_an_earlier_one(self, opened):
        first = self.name("first")
        runs = [opened(self.repeated()), opened(self.repeated())]
        for run in runs:
            run.run_all()
        assert [run.states[first] for run in runs] == ["success", "cached"]
        assert [run.outputs[first] for run in runs] == [1, 1]
        assert [run.record.state for run in runs] == ["success", "success"]

    @needs("source")
    def test_the_code_of_a_task_is_its_authors(self, opened):
        run = opened(self.chain())
        run.ready()
        assert "return 1" in run.source(self.name("first"))

    def test_the_engines_own_word_is_told_where_it_has_one(self, opened):
        run = opened(self.chain())
        run.step()
        word = run.words(self.name("first"))
        assert bool(word) == ("words" in self.spec().capabilities)
