"""Commands for a class: hand out, collect, grade."""

import os
import re
import shlex
import signal
from collections import Counter, defaultdict
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from workbench.cli.app import CORES, INTERRUPTED, TERMINATED, app, echo, writing
from workbench.cli.feedback import line, read, root_of, waiting
from workbench.graph import PipelineError
from workbench.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from workbench.cohort.collected import Line
    from workbench.cohort.grading import Grading, Shard
    from workbench.cohort.judges import Judges
    from workbench.cohort.roster import Person
    from workbench.cohort.standings import Standing

Folder = Annotated[Path, typer.Argument(help="A class, or a folder of <learner>/problem_N.*")]
Out = Annotated[Path | None, typer.Option(help="Folder for the results of a plain folder.")]
Jobs = Annotated[int, typer.Option(min=1, help="Submissions at the same time.")]
Seed = Annotated[int | None, typer.Option(help="The class's seed; drawn unless it is given.")]
Again = Annotated[bool, typer.Option("--again", help="Judge what has a result, too.")]
Part = Annotated[str, typer.Option("--shard", metavar="K/N", help="Judge the K-th of N parts.")]
Dask = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Judge on a Dask cluster.")]
Unconfined = Annotated[bool, typer.Option("--unconfined", help="Judge where nothing confines.")]
Target = Annotated[Path, typer.Argument(metavar="DEST", help="A new folder.")]
Problems = Annotated[str | None, typer.Option(help="2,3 or problem_2,problem_3; default: all.")]
Class = Annotated[Path, typer.Argument(metavar="CLASS", help="A class.")]
Learner = Annotated[str, typer.Argument(help="As grades.csv calls them.")]
System = Annotated[
    str, typer.Option("--for", help="canvas, moodle, gradescope, classroom50, nbgrader or junit.")
]
Exports = Annotated[list[Path], typer.Argument(help="Folders and zips, as they were downloaded.")]
Into = Annotated[Path, typer.Option(help="The class; made where there is none.")]
Roster = Annotated[Path | None, typer.Option(help="A CSV that says who is in the class.")]
Due = Annotated[str | None, typer.Option(help="Later is marked late: 2026-12-01T23:59, or a day.")]
STOPPING = "stopping, those under way are ended (Ctrl-C once more: at once)"
STOPPED = "workbench: stopped; what was judged until then is in {}"
FEW = 2  # files of the same doubt that are named one by one


class Terminated(KeyboardInterrupt):
    """The machine asks to end: as Ctrl-C does."""


@app.command("hand-out")
def hand_out(target: Target, problems: Problems = None) -> None:
    """Write the exercises and what they need to run, without solutions, for learners."""
    from workbench.cohort.handout import hand_out

    names = [name for name in (problems or "").replace(",", " ").split() if name]
    with writing("the hand-out goes there"):
        chosen = hand_out(target, [_named(name) for name in names])
    echo(f"{', '.join(exercise.name for exercise in chosen)} → {target}")
    echo("Next: give them the folder, with its README.md. What comes back is collected by:")
    echo("workbench collect EXPORT --into CLASS [--roster CSV] [--due 2026-12-01T23:59]")


def _named(problem: str) -> str:
    """`3` and `problem_3` are the same."""
    from workbench.cohort.names import problem_in

    return problem_in(problem) or problem


@app.command()
def forget(root: Class, learner: Learner) -> None:
    """Take away everything that is kept about a learner."""
    from workbench.cohort import forgetting
    from workbench.feedback import overview

    forgetting.forget(root, learner)
    whole, handed_in = read(root)
    overview.write(whole, overview.looked_for(whole, handed_in))
    echo(f"{root} knows nothing of {learner} any more; the export they came in still does")


@app.command()
def export(root: Class, system: System) -> None:
    """Write the points as a learning system imports them."""
    from workbench.cohort import exports

    whole, _ = read(root)
    for path in exports.write(system, whole):
        echo(f"→ {path}")
    for told in exports.NEXT.get(system, ()):
        echo(told)
    for told in waiting(whole.standings, root):
        echo(f"still open: {told}")


@app.command()
def collect(exports: Exports, into: Into, roster: Roster = None, due: Due = None) -> None:
    """Take what was handed in into a class; exit code 1: a file is for a person."""
    from workbench.cohort import collected, files
    from workbench.cohort import roster as people
    from workbench.cohort.collecting import Collecting, stand_apart

    when = _moment(due)
    with files.taken_back(into):
        if roster is not None:
            people.read(into, roster)
            stand_apart(into, exports)
            with writing("--into is the class"):
                into.mkdir(parents=True, exist_ok=True)
                files.write(into / people.FILE, roster.read_bytes())
        known = people.read(into)
        taken = Collecting(into, known).run(exports, when)
    table = into / collected.FILE
    counts = Counter({row.source: row.became for row in taken}.values())
    told = ", ".join(f"{count} {became}" for became, count in sorted(counts.items()))
    echo(f"{counted(counts.total(), 'file')}: {told} → {table}")
    _tell_missing(into, known)
    undecided = [row for row in taken if row.waits]
    _tell_waiting(undecided, f"{exports[0].name}/" if len(exports) == 1 else "")
    if undecided:
        again = shlex.join(["workbench", "collect", *map(str, exports), "--into", str(into)])
        echo(
            f"In {table}, in the line of each, write `taken` in the place of `for a person`, with "
            f"its learner and problem, or `ignored`. Then once more: {again}"
        )
        raise typer.Exit(1)
    echo(f"Next: {line('grade', into)}")


def _moment(text: str | None) -> datetime | None:
    from workbench.cohort import settings

    if text is None:
        return None
    try:
        is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", text)
        return settings.moment((date if is_day else datetime).fromisoformat(text))
    except ValueError:
        raise PipelineError(f"--due {text}: it is written as 2026-12-01T23:59") from None


def _tell_waiting(lines: list["Line"], common: str) -> None:
    """common: what the source of each begins with, which is not said again."""
    alike = defaultdict(list)
    for row in lines:
        alike[row.learner, row.rule].append(row.source.removeprefix(common))
    for (_, rule), sources in alike.items():
        more = [f"{sources[0]} and {len(sources) - 1} more of theirs"]
        for source in sources if len(sources) <= FEW else more:
            echo(f"for a person: {source}: {rule}")


def _tell_missing(root: Path, known: list["Person"]) -> None:
    from workbench.cohort import collected
    from workbench.cohort.roster import plain

    lines = collected.read(root)
    # A file that waits is no reason to say that nothing came.
    came = {row.learner for row in lines if row.became == collected.TAKEN or row.waits}
    unsure = {plain(row.name) for row in lines if row.waits and row.name}
    ids = [person.id for person in known]
    missing = [
        person.id for person in known if person.id not in came and plain(person.name) not in unsure
    ]
    if missing:
        echo(f"{len(missing)} of {len(known)} handed in nothing: {', '.join(missing)}")
    strangers = {
        row.learner: f"{row.learner} ({row.name})" if row.name else row.learner
        for row in lines
        if known and row.became == collected.TAKEN and row.learner not in ids
    }
    if strangers:
        echo(f"not in the roster: {', '.join(strangers[learner] for learner in sorted(strangers))}")


@app.command()
def grade(
    folder: Folder,
    out: Out = None,
    jobs: Jobs = CORES,
    seed: Seed = None,
    again: Again = False,
    part: Part = "1/1",
    dask: Dask = None,
    unconfined: Unconfined = False,
) -> None:
    """Judge what has no result yet; write results, grades.csv and junit.xml."""
    from rich.console import Console

    from workbench.cohort import ledger
    from workbench.cohort.grading import Grading
    from workbench.cohort.handins import hand_ins
    from workbench.feedback import overview

    shard, handed_in, judges = _shard(part), hand_ins(folder), _judges(jobs, dask)
    root = root_of(folder, out)
    _confined(judges, unconfined)
    grading, console = Grading(root, handed_in, judges, seed), Console(markup=False)
    standings = _judged(grading, again, shard, console)
    if not standings:
        raise PipelineError(
            f"{folder}: nobody has handed in anything; workbench collect EXPORT --into {folder}"
        )
    outcomes = Counter(standing.outcome for standing in standings)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    whole = ledger.of(grading, standings)
    page = overview.write(whole, overview.looked_for(whole, handed_in))
    echo(f"{counts} → {root / 'grades.csv'} and {page.name}")
    following = waiting(standings, folder, out) or [line("report", folder, out)]
    echo("Next: " + "\n".join(following))


def _judged(
    grading: "Grading", again: bool, shard: "Shard", console: "Console"
) -> list["Standing"]:
    """Judge behind a bar; who stops it, or the machine, is told where what was judged lies."""
    from workbench.cli.screen import bar

    at_once = partial(_at_once, console, grading.root)

    def interrupted(number: int, _: object) -> NoReturn:
        _asked(at_once)
        raise Terminated if number == signal.SIGTERM else KeyboardInterrupt

    for asked in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(asked) != signal.SIG_IGN:  # as where it runs behind a shell
            signal.signal(asked, interrupted)
    with bar(console, "judging", 0) as shown:
        try:
            return grading.run(
                again,
                shard,
                planned=shown.expect,
                done=shown.advance,
                stopping=lambda: shown.describe(STOPPING),
            )
        except KeyboardInterrupt as end:
            _asked(signal.SIG_IGN)  # or who asks now would be told twice
            echo(STOPPED.format(grading.root), err=True)
            _asked(lambda number, _: os._exit(128 + number))  # as long as something is cleared
            raise typer.Exit(TERMINATED if isinstance(end, Terminated) else INTERRUPTED) from None


def _judges(jobs: int, dask: str | None) -> "Judges":
    from workbench.cohort.cluster import Cluster
    from workbench.cohort.judges import Here

    return Cluster(dask) if dask else Here(jobs)


def _shard(part: str) -> "Shard":
    from workbench.cohort.grading import Shard

    number, _, of = part.partition("/")
    if not (number.isdecimal() and of.isdecimal()):
        raise PipelineError(f"--shard {part}: it is written as 1/4, the first of four")
    return Shard(int(number), int(of))


def _confined(judges: "Judges", unconfined: bool) -> None:
    """Raise PipelineError where answers would run with limits only, unless that is wanted."""
    if judges.level == "limits" and not unconfined:
        raise PipelineError(
            "neither namespaces nor Landlock hold here, so answers could read and write your "
            "files and reach the network: `workbench doctor` says why; --unconfined judges anyway"
        )


def _asked(handler: "Callable[[int, object], object] | signal.Handlers") -> None:
    """Have it called when Ctrl-C or the machine asks to end."""
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, handler)


def _at_once(console: "Console", root: Path, number: int, _: object) -> NoReturn:
    """End without those under way, whose processes end with this one; what was judged is kept."""
    console.show_cursor()
    os.write(2, f"{STOPPED.format(root)}\n".encode(errors="surrogateescape"))
    os._exit(128 + number)
