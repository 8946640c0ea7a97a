"""The contract's pipelines in plain Python."""

from workbench import Pipeline


def chain():
    """first → second → third: 1, 2, 3."""
    pipeline = Pipeline("chain")

    @pipeline.task
    def first():
        return 1

    @pipeline.task
    def second(first):
        return first + 1

    @pipeline.task
    def third(second):
        return second + 1

    return pipeline
