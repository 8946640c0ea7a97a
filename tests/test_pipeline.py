"""Functions become tasks, parameter names become edges, mistakes become one clear line."""

import functools

import pytest

from workbench import Pipeline, PipelineError, Run, graph_of


def pipeline_of(*functions, **options):
    pipeline = Pipeline("p")
    for function in functions:
        pipeline.task(function, **options)
    return pipeline


def a(): ...
def b(a): ...
def c(a, b, size=3): ...


def test_parameter_names_are_edges():
    graph = pipeline_of(c, b, a).graph
    assert graph.tasks == ("a", "b", "c")
    assert set(graph.edges) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_after_is_an_edge_for_order_alone():
    pipeline = pipeline_of(a)
    pipeline.task(lambda: 1, name="notify", after=["a"])
    assert graph_of(pipeline).edges == (("a", "notify"),)


def test_other_parameters_are_run_parameters():
    assert pipeline_of(a, b, c).parameters == {"size": 3}


def test_retries_and_timeouts_stand_in_the_notes():
    pipeline = Pipeline("p")
    pipeline.task(a, retries=2, retry_delay=60, timeout=30)
    assert pipeline.graph.notes == {"a": {"retries": "2, 60 s apart", "timeout": "30 s"}}


def wrong_upstream(valdiate): ...
def first(last): ...
def last(first): ...
def many(*things): ...
def validate(): ...


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: pipeline_of(first, last).graph,
            "form a cycle: (first → last → first|last → first → last)",
        ),
        (
            lambda: Run(pipeline_of(validate, wrong_upstream)),
            "'wrong_upstream' needs 'valdiate'.*did you mean 'validate'",
        ),
        (lambda: pipeline_of(b, after=["aa"]).graph, "after 'aa', which is not a task"),
        (
            lambda: pipeline_of(a, functools.wraps(a)(lambda: 2)),
            r"'a' is there twice, in test_pipeline.py, line \d+ and in",
        ),
        (lambda: pipeline_of(many), r"parameter \*things takes values without a name"),
        (lambda: pipeline_of(a, retries=-1), "retries=-1 is not a number of 0 or more"),
        (lambda: pipeline_of(a, timeout="1 min"), "timeout='1 min' is not a number"),
        (lambda: Pipeline("p").task("a"), "takes its options by name"),
        (lambda: Pipeline("p").task(functools.partial(a)), "has no name of its own"),
        (
            lambda: Pipeline("p").task(iter, name="i"),
            "the parameters of .* cannot be read; wrap it in a def",
        ),
        (lambda: Run(Pipeline("empty")), "'empty' has no tasks yet"),
        (
            lambda: Run(pipeline_of(a), size=3),
            "'size' is not a parameter of pipeline 'p' .parameters: none",
        ),
        (
            lambda: Run(pipeline_of(b)),
            "'b' needs 'a', which is neither a task nor a run parameter with a value",
        ),
        (lambda: Run(42), "int '42' is nothing that can be run: give a Pipeline"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_way_out(build, words):
    with pytest.raises(PipelineError, match=words) as caught:
        build()
    assert "\n" not in str(caught.value)


def test_replace_puts_a_new_task_in_place_of_the_old():
    pipeline = pipeline_of(a)
    pipeline.task(lambda: "new", name="a", replace=True)
    run = Run(pipeline)
    run.run_all()
    assert run.outputs["a"] == "new"


def test_a_function_stays_an_ordinary_function():
    pipeline = Pipeline("p")

    @pipeline.task(retries=1)
    def double(number):
        return 2 * number

    assert double(4) == 8
