"""What is next in a run, told from its events alone."""

import pytest

from workbench import Record
from workbench.engines.protocol import Change, Decision, Scheduled
from workbench.graph import Graph, PipelineError
from workbench.scheduler import Scheduler, Turn

# extract → (clean, count) → load
GRAPH = Graph.of(
    ["extract", "clean", "count", "load"],
    [("extract", "clean"), ("extract", "count"), ("clean", "load"), ("count", "load")],
)


class Engine(Scheduled):
    """The workbench's own rules over a graph, and what it was asked about."""

    def __init__(self, record):
        self.record, self.asked = record, []

    @property
    def graph(self):
        return self.record.graph

    def decide(self, states, among):
        self.asked.append(list(among))
        return super().decide(states, among)


class Bench:
    """A scheduler, its record, and the two written as a run writes them."""

    def __init__(self, graph=GRAPH, jobs=4, real_delays=False, events=()):
        self.record = Record(graph)
        for event in events:
            self.record.append(*event)
        self.scheduler = Scheduler(self.record, jobs, real_delays)
        self.engine = Engine(self.record)

    def tell(self, *happened):
        """What happened, a second after another: "queued extract", "succeeded extract"."""
        for words in happened:
            kind, _, task = words.partition(" ")
            detail = {"error": "ValueError: no", "delay": 5.0} if kind == "retrying" else None
            self.note(kind, task or None, detail)
        return self

    def note(self, kind, task, detail=None):
        at = self.record.last_at + 1
        self.scheduler.follow(self.record.append(kind, task, at, 1, detail))

    def settle(self):
        changes = []
        for change in self.scheduler.settle(self.engine):
            self.note(change.kind, change.task, change.detail)
            changes.append((change.kind, change.task))
        return changes


@pytest.mark.parametrize(
    ("happened", "ready"),
    [
        ([], ["extract"]),
        (["queued extract"], []),
        (["queued extract", "started extract"], []),
        (["queued extract", "succeeded extract"], ["clean", "count"]),
        (["queued extract", "cached extract"], ["clean", "count"]),
        (["queued extract", "retrying extract"], ["extract"]),
        (["queued extract", "failed extract"], []),
        (["succeeded extract", "succeeded count"], ["clean"]),
        (["succeeded extract", "succeeded count", "succeeded clean"], ["load"]),
        (["succeeded extract", "queued clean", "cleared extract"], ["extract"]),
        (["queued extract", "failed extract", "cleared extract"], ["extract"]),
    ],
)
def test_what_is_ready_follows_from_what_happened(happened, ready):
    bench = Bench().tell(*happened)
    bench.settle()
    assert list(bench.scheduler.ready) == ready


@pytest.mark.parametrize(
    ("happened", "changes"),
    [
        (["failed extract"], {"clean", "count", "load"}),
        (["succeeded extract", "failed clean"], {"load"}),
        (["succeeded extract", "succeeded clean"], set()),
    ],
)
def test_what_can_never_run_after_a_failure_is_changed_layer_by_layer(happened, changes):
    bench = Bench().tell(*happened)
    assert set(bench.settle()) == {("upstream_failed", task) for task in changes}


def test_a_skip_is_passed_on():
    assert Bench().tell("succeeded extract", "skipped clean").settle() == [("skipped", "load")]


def test_the_engine_is_asked_only_about_what_may_have_changed():
    bench = Bench()
    bench.settle()
    bench.settle()
    bench.tell("queued extract", "started extract")
    bench.settle()
    bench.tell("succeeded extract")
    bench.settle()
    assert bench.engine.asked == [list(GRAPH.tasks), ["extract", "clean", "count"]]


def test_tasks_that_appear_are_asked_about():
    bench = Bench()
    bench.settle()
    bench.note("graph", None, {"tasks": ["audit"], "edges": []})
    bench.settle()
    assert bench.engine.asked[-1] == ["audit"]
    assert bench.scheduler.ready == ("extract", "audit")


def test_an_engine_that_finds_its_tasks_by_running_is_asked_each_time():
    bench = Bench(Graph.of(["a"], dynamic=True))
    bench.settle()
    bench.settle()
    assert bench.engine.asked == [["a"], []]


def test_what_the_engine_could_not_answer_it_is_asked_again():
    bench = Bench()
    answers = [PipelineError("the database is gone"), Decision(("extract",))]

    def decide(states, among):
        bench.engine.asked.append(list(among))
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    bench.engine.decide = decide
    with pytest.raises(PipelineError):
        bench.settle()
    bench.settle()
    assert bench.engine.asked == [list(GRAPH.tasks)] * 2


def test_ready_tasks_are_in_topological_order_and_instances_in_that_of_their_numbers():
    names = [f"fit[{number}]" for number in (10, 9, 1)]
    bench = Bench(Graph.of([*names, "fit", "first"], [("first", "fit")]))
    bench.settle()
    assert bench.scheduler.ready == ("first", "fit[1]", "fit[9]", "fit[10]")


# Taking turns: (happened, second, wanted, at most) → what to start, how long to wait

ALL = ("clean", "count")
DONE = ["succeeded extract"]


@pytest.mark.parametrize(
    ("happened", "wanted", "most", "turn"),
    [
        (DONE, None, None, Turn(ALL)),
        (DONE, {"clean"}, None, Turn(("clean",))),
        (DONE, None, 1, Turn(("clean",))),
        (DONE, None, 0, Turn(over=True)),
        (DONE, set(), None, Turn(over=True)),
        ([*DONE, "queued clean"], set(), None, Turn()),
        ([*DONE, "queued clean", "queued count"], None, None, Turn()),
        (["failed extract"], None, None, Turn(over=True)),
    ],
)
def test_a_turn_starts_what_is_wanted_and_is_over_when_nothing_of_it_is_left(
    happened, wanted, most, turn
):
    bench = Bench().tell(*happened)
    bench.settle()
    assert bench.scheduler.turn(100.0, wanted, most) == turn


@pytest.mark.parametrize(("jobs", "start"), [(1, ()), (2, ("count",)), (3, ("count",))])
def test_no_more_tasks_run_than_there_are_jobs(jobs, start):
    bench = Bench(jobs=jobs).tell(*DONE, "queued clean")
    bench.settle()
    assert bench.scheduler.turn(100.0).start == start


def test_a_template_that_is_wanted_stands_for_its_instances():
    bench = Bench(Graph.of(["fit[0]", "fit[1]", "other"]))
    bench.settle()
    assert bench.scheduler.turn(0.0, {"fit"}).start == ("fit[0]", "fit[1]")


RETRIED = ["queued extract", "retrying extract"]  # at second 2, with a delay of 5


@pytest.mark.parametrize(
    ("real", "now", "turn"),
    [
        (True, 2.0, Turn((), 5.0)),
        (True, 6.5, Turn((), 0.5)),
        (True, 7.0, Turn(("extract",))),
        (False, 2.0, Turn(("extract",))),
    ],
)
def test_a_delay_is_waited_for_if_delays_are_real(real, now, turn):
    bench = Bench(real_delays=real).tell(*RETRIED)
    bench.settle()
    assert bench.scheduler.turn(now) == turn


def test_the_delay_of_a_sensor_is_always_waited_for():
    bench = Bench().tell("queued extract")
    bench.note("retrying", "extract", {"error": None, "delay": 5.0})
    assert bench.scheduler.turn(3.0) == Turn((), 4.0)


def test_with_every_slot_taken_a_delay_is_no_reason_to_wake_up():
    bench = Bench(jobs=1, real_delays=True).tell(*DONE, "queued clean", "retrying clean")
    bench.tell("queued count")
    assert bench.scheduler.turn(bench.record.last_at) == Turn()


def test_whoever_steps_a_task_does_not_wait_for_its_delay():
    bench = Bench(real_delays=True).tell(*RETRIED)
    bench.scheduler.hurry("extract")
    assert bench.scheduler.turn(2.0) == Turn(("extract",))


@pytest.mark.parametrize(
    ("happened", "ends"),
    [
        ([], []),
        (["succeeded extract", "queued clean"], []),
        ([f"succeeded {task}" for task in GRAPH.tasks], ["started", "succeeded"]),
        (["started", *(f"succeeded {task}" for task in GRAPH.tasks)], ["succeeded"]),
        (["started", "failed extract"], ["failed"]),
        (["started", "failed extract", "failed"], []),
    ],
)
def test_the_run_ends_when_every_task_has(happened, ends):
    bench = Bench().tell(*happened)
    bench.settle()
    changes = list(bench.scheduler.conclude(bench.engine))
    assert changes == [Change(kind, None) for kind in ends]


def test_a_record_that_was_read_back_goes_on_where_it_was():
    events = [("started", None, 0.0), ("succeeded", "extract", 1.0), ("cleared", "extract", 2.0)]
    events += [("succeeded", "extract", 3.0), ("queued", "clean", 3.0, 1)]
    events += [("retrying", "clean", 4.0, 1, {"error": "no", "delay": 5.0})]
    bench = Bench(events=events, real_delays=True)
    bench.settle()
    assert bench.scheduler.ready == ("clean", "count")
    assert bench.scheduler.turn(5.0) == Turn(("count",), 4.0)


@pytest.mark.parametrize(
    ("happened", "task", "words"),
    [
        ([], "load", "it waits for clean, count"),
        (["succeeded extract", "succeeded clean"], "load", "it waits for count"),
        (["succeeded extract"], "extract", "its state is success"),
    ],
)
def test_why_a_task_is_not_ready_is_said_in_words(happened, task, words):
    assert Bench().tell(*happened).scheduler.hindrance(task) == words
