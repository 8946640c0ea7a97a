"""The trials themselves: once, twice, two at once, and killed before each write."""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.graph import PipelineError
from workbench.trial.folder import Snapshot, compared, listed, ours, renew, snapshot
from workbench.trial.proof import Proof, Trial
from workbench.trial.watched import Watched

Given = Mapping[str, str | bytes]


def prove(task: Callable, *arguments, given: Given | None = None) -> Proof:
    """Call ``task(*arguments)`` once, twice, two at a time, and killed before each write; compare
    the folders.

    Raise PipelineError when it fails already on its own, writes more than 200 times, or takes
    longer than a minute.
    """
    with Apart() as process:
        return process.call(repr(task), prove_here, task, arguments, dict(given or {}))


class Apart:
    """A process without threads, in which it is safe to fork."""

    def __enter__(self) -> "Apart":
        from joblib.externals.loky import ProcessPoolExecutor

        self._pool = ProcessPoolExecutor(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(kill_workers=True)

    def call(self, name: str, function: Callable, *arguments: Any) -> Any:
        """Call a function there; raise what it raises, and PipelineError where what is called
        ``name`` cannot be sent there."""
        try:
            return self._pool.submit(function, *arguments).result()
        except pickle.PicklingError as error:
            reason = str(error.__cause__ or error).strip('\n"').rpartition("\n")[2]
            raise PipelineError(
                f"{name} is tried in a process of its own and cannot be sent there: {reason}"
            ) from None


def prove_here(task: Callable, arguments: tuple, given: Given, name: str = "") -> Proof:
    """Do as `prove` does, and raise what it raises, in this process, which must have no other
    thread."""
    name = name or getattr(task, "__name__", None) or repr(task)
    with tempfile.TemporaryDirectory(prefix="workbench-") as root:
        bench = Bench(lambda: task(*arguments), Path(root, "trial"), given)
        try:
            return _proof(name, bench)
        except (OverflowError, TimeoutError) as error:
            raise PipelineError(f"{name!r} {error}; try it on less data") from None


@dataclass(frozen=True)
class Bench:
    """A task, the folder in which it is tried, and the files that the folder begins with."""

    call: Callable[[], object]
    folder: Path
    given: Given

    def begin(self) -> Watched:
        """Start the task in the folder as it is."""
        return Watched(self.call, self.folder)

    def begin_anew(self, count: int = 1) -> list[Watched]:
        """Start the task, or several of it, in a fresh folder."""
        renew(self.folder, self.given)
        return [self.begin() for _ in range(count)]

    def left(self) -> Snapshot:
        """What the folder holds."""
        return snapshot(self.folder)


def _proof(name: str, bench: Bench) -> Proof:
    renew(bench.folder, bench.given)
    before = bench.left()
    first = bench.begin().finish()
    if first.error:
        raise PipelineError(
            f"{name!r} raised {first.error} when it ran once; prove what works once"
        )
    if elsewhere := _left_elsewhere(first.outside, bench.folder.parent):
        raise PipelineError(
            f"{name!r} writes {', '.join(map(str, elsewhere[:3]))}, outside of its working folder: "
            "only what lies there is tried; give it a relative path"
        )
    once = bench.left()
    trials = [Trial("once", listed(once), "", True), _twice(bench, once), _at_once(bench, once)]
    kills, outcomes = _killed(bench, {"as before": before, "as once": once})
    for number, ((left, again), good) in enumerate(outcomes.items(), 1):
        title = f"killed, case {number}" if len(outcomes) > 1 else "killed"
        trials.append(Trial(title, left, again, good))
    return Proof(name, kills, tuple(trials))


def _left_elsewhere(outside: Iterable[Path], scratch: Path) -> list[Path]:
    """What a task has written elsewhere, and has not taken away again; compiled code is nobody's.

    Of a file in a new folder the file is named."""
    own = (scratch.resolve(), Path("/dev"), Path("/proc"))
    return sorted(
        path
        for path in outside
        if path.is_file()
        and not any(path.is_relative_to(folder) for folder in own)
        and "__pycache__" not in path.parts
    )


def _twice(bench: Bench, once: Snapshot) -> Trial:
    return _trial("twice", bench, once, bench.begin().finish().error)


def _at_once(bench: Bench, once: Snapshot) -> Trial:
    """Both have read before either writes, and then they take turns: what they do is no luck."""
    pair = bench.begin_anew(2)
    for one in pair:
        one.held()
    while not all(one.ended for one in pair):
        for one in pair:
            one.proceed()
    return _trial("two at once", bench, once, pair[0].error or pair[1].error)


def _trial(title: str, bench: Bench, once: Snapshot, error: str) -> Trial:
    left = bench.left()
    good = left == once and not error
    return Trial(title, compared(left, {"as once": once}, error), "", good)


def _killed(
    bench: Bench, expected: Mapping[str, Snapshot]
) -> tuple[int, dict[tuple[str, str], bool]]:
    """How often it could be killed, and (what is left, what another run made of it) → whether that
    is good: what the next run clears away is no harm."""
    once = expected["as once"]
    kills, outcomes = 0, {}
    while True:
        [task] = bench.begin_anew()
        if not task.run_to_write(kills):
            return kills, outcomes
        task.kill()
        kills += 1
        left = bench.left()
        error = bench.begin().finish().error
        after = bench.left()
        whole = ours(left, expected) in expected.values()
        words = compared(left, expected), compared(after, {"as once": once}, error)
        outcomes[words] = whole and after == once and not error
