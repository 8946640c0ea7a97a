"""A pipeline that fails as often as it is told to, and what its record says."""

from workbench import Pipeline

ALL = ["collect", "clean", "fit", "describe", "report"]


def flaky(failures, **options):
    """collect → train → report, where train fails that many times."""
    pipeline, calls = Pipeline("flaky"), []
    pipeline.task(lambda: 1, name="collect")

    @pipeline.task(**options)
    def train(collect):
        calls.append(1)
        if len(calls) <= failures:
            raise ValueError(f"attempt {len(calls)} fails")
        return len(calls)

    pipeline.task(lambda train: train, name="report")
    pipeline.task(lambda collect: "aside", name="aside")
    return pipeline


def kinds(record, task):
    return [
        event.kind
        for event in record.events
        if event.task == task and event.kind not in ("output", "log")
    ]
