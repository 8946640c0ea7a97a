"""Graphs to be asked about, each drawn from a number, and five questions about it."""

import random
from dataclasses import dataclass
from itertools import chain, combinations, permutations

from workbench.graph import Edge, Graph, PipelineError

NUMBERS = range(1_000_000)
SIZES = range(6, 10)  # tasks
# Steps that may follow each other in any order: who only reads the names cannot guess the edges.
TASKS = """bin_ages clean_text count_clicks crop_images embed_users encode_cities fill_gaps
group_orders join_weather label_photos merge_prices rank_items scale_sales split_days tag_songs
trim_outliers"""
UPSTREAM = (1, 1, 2, 2, 3)  # how many tasks one waits for: the more often, the more likely
WAVES, WIDEST = range(3, 6), 4
READY = range(2, 4)  # tasks that may run together
CANDIDATES = (1, 2, 1)  # edges that close a cycle, that lead back in the order and that lead on
QUESTIONS = """\
1. order: In which order can one worker run all {tasks} tasks, one after another?
2. together: Finished: {finished}.
   Nothing else has begun. Which tasks may run now, at the same time?
3. rerun: {failed} has failed, all other tasks have finished, some of them with its old result.
   Once it is mended, which tasks have to run again?
4. cycle: Four edges might be added, and one of them would close a cycle. Which one?
   {candidates}
5. points_to: One edge joins {pair}. Which of the two does it point to?"""


@dataclass(frozen=True)
class Questions:
    """What is asked about one graph.

    finished: tasks, all others have not begun; failed: a task, all others have finished;
    candidates: four edges that the graph lacks, of which exactly one would close a cycle; edge: one
    that it has; text: the questions in plain words.
    """

    finished: frozenset[str]
    failed: str
    candidates: tuple[Edge, ...]
    edge: Edge
    text: str


def drawn(number: int) -> Graph:
    """Draw the graph of a number: 6 to 9 tasks, always the same ones for the same number.

    Raise PipelineError for anything but a whole number from 0 to 999,999.
    """
    if isinstance(number, bool) or not isinstance(number, int) or number not in NUMBERS:
        raise PipelineError("a graph is drawn from a whole number from 0 to 999,999; choose one")
    dice = random.Random(number)
    while not _is_worth_asking(graph := _sketched(dice)):
        pass
    return graph


def questions(number: int) -> Questions:
    """Ask five things about `drawn(number)`; raise PipelineError as that does."""
    graph, dice = drawn(number), random.Random(f"questions {number}")
    finished, failed = dice.choice(_pauses(graph)), dice.choice(_failures(graph))
    candidates = [*chain(*map(dice.sample, _lacking(graph), CANDIDATES))]
    dice.shuffle(candidates)
    edge = dice.choice(graph.edges)
    text = QUESTIONS.format(
        tasks=len(graph.tasks),
        finished=", ".join(sorted(finished)),
        failed=failed,
        candidates=", ".join(f"{up} → {down}" for up, down in candidates),
        pair=" and ".join(sorted(edge)),
    )
    return Questions(finished, failed, tuple(candidates), edge, text)


def may_run(graph: Graph, finished: frozenset[str]) -> set[str]:
    """The unfinished tasks that wait for nothing but finished ones."""
    unfinished = set(graph.tasks) - finished
    return {task for task in unfinished if finished.issuperset(graph.upstream(task))}


def runs_again(graph: Graph, failed: str) -> set[str]:
    """The task that failed, and everything that depends on it."""
    return {failed, *graph.descendants(failed)}


def closes_a_cycle(graph: Graph, edge: Edge) -> bool:
    """Whether a way leads from the edge's head back to its tail."""
    tail, head = edge
    return tail == head or tail in graph.descendants(head)


def _sketched(dice: random.Random) -> Graph:
    """Any graph: some tasks that wait for nothing, the others for one to three before them."""
    tasks = dice.sample(TASKS.split(), dice.choice(SIZES))
    edges = []
    for position in range(dice.choice((1, 2, 3)), len(tasks)):
        many = min(position, dice.choice(UPSTREAM))
        edges += [(up, tasks[position]) for up in dice.sample(tasks[:position], many)]
    return Graph.of(sorted(tasks), edges)


def _is_worth_asking(graph: Graph) -> bool:
    """Whether no answer is right that could be given without a look at the edges."""
    waves = graph.waves()
    return bool(
        len(waves) in WAVES
        and 1 < max(map(len, waves)) <= WIDEST
        and all(graph.upstream(task) or graph.downstream(task) for task in graph.tasks)
        and any(up > down for up, down in graph.edges)
        and _pauses(graph)
        and _failures(graph)
        and all(len(edges) >= many for edges, many in zip(_lacking(graph), CANDIDATES, strict=True))
    )


def _pauses(graph: Graph) -> list[frozenset[str]]:
    """Sets of finished tasks after which some tasks may run and others may not yet."""
    return [
        finished
        for number in range(1, len(graph.tasks) - 2)
        for finished in map(frozenset, combinations(graph.tasks, number))
        if all(finished.issuperset(graph.upstream(task)) for task in finished)
        and len(ready := may_run(graph, finished)) in READY
        and len(ready) + number < len(graph.tasks)
    ]


def _failures(graph: Graph) -> list[str]:
    """Tasks on which some of the others depend, and not just all that come later in the order."""
    return [
        task
        for at, task in enumerate(graph.tasks)
        if {task} < (again := runs_again(graph, task))
        and again not in (set(graph.tasks), set(graph.tasks[at:]))
    ]


def _lacking(graph: Graph) -> tuple[list[Edge], list[Edge], list[Edge]]:
    """Edges it lacks: that close a cycle, that lead back in its order and close none, that lead on.

    One that turns an arrow round is not among them: a look at that arrow would show the cycle.
    """
    closing, back, on = [], [], []
    for pair in permutations(graph.tasks, 2):
        tail, head = pair
        if pair in graph.edges or closes_a_cycle(graph, pair):
            continue
        if head in graph.descendants(tail):
            closing.append((head, tail))
        (on if graph.position[tail] < graph.position[head] else back).append(pair)
    return closing, back, on
