"""The graph of a compiled pipeline says what travels, and what holds for each task."""

from workbench import graph_of


def test_edges_are_labelled_with_what_travels(pipelines):
    graph = graph_of(pipelines.files)
    assert graph.labels == {("write", "read"): "data (Dataset)"}
    graph = graph_of(pipelines.dynamic_loop)
    assert graph.labels["for-loop-1/double", "total"] == "Output (int)"
    graph = graph_of(pipelines.branches)
    assert ("give", "condition-branches-1/condition-2/say") in graph.edges
    assert (
        graph.notes["condition-branches-1/condition-3/say-2"]["condition"]
        == "!(give-Output > 10) && give-Output > 3"
    )


def test_a_loop_in_a_loop_says_both(pipelines):
    assert (
        graph_of(pipelines.nested_loops)
        .notes["for-loop-2/for-loop-4/fail-on"]["loop"]
        .count("for each of")
        == 2
    )


def test_resources_and_image_stand_on_the_task(pipelines):
    notes = graph_of(pipelines.with_environment).notes["environment"]
    assert notes["memory limit"] == "2G"
    assert notes["cpu request"] == "1"
    assert notes["image"].startswith("python:3")
    assert graph_of(pipelines.retrying).notes["succeed-at"]["retries"] == "2, the first after 5s"


def test_retries_of_none_are_none(pipelines):
    from kfp import dsl

    @dsl.pipeline(name="once")
    def once():
        pipelines.nothing().set_retry(0)  # which a specification in memory leaves out

    (notes,) = graph_of(once).notes.values()
    assert "retries" not in notes
