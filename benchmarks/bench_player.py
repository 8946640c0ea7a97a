"""A run as a page in Chromium: opening it and stepping, beside the widget; and large drawings.

Opening is from the beginning of the navigation until every node is painted in its state; a step
until the next frame.
"""

import random
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import bench_panel
import lab

from workbench import Record
from workbench.graph import Graph
from workbench.picture import layout

STEPS = 30
OPENED = """(() => {
    const look = () => {
        const painted = document.querySelectorAll('g.node[aria-label]').length;
        if (painted < SIZE) requestAnimationFrame(look);
        else requestAnimationFrame(() => { window.opened = performance.now(); });
    };
    requestAnimationFrame(look);
})()"""
STEP = """async () => {
    const begun = performance.now();
    player.step(-1);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - begun;
}"""


def many(size, events):
    """A record of ``size`` tasks, each tried as often as there have to be so many events."""
    chance, names = random.Random(1), [f"task_{number}" for number in range(size)]
    edges = []
    for number, name in enumerate(names[1:], 1):
        ways = 1 + (number % 3 == 0)
        above = {names[chance.randrange(max(0, number - 40), number)] for _ in range(ways)}
        edges += [(up, name) for up in above]
    record, at = Record(Graph.of(names, edges), name="many"), 0.0
    attempts = events // size // 2
    for name in names:
        for number in range(1, attempts + 1):
            record.append("started", name, at, number)
            kind = "succeeded" if number == attempts else "retrying"
            detail = None if number == attempts else {"error": "ValueError: no", "delay": 0}
            record.append(kind, name, at + 0.5, number, detail)
            at += 0.1
    return record


def measure(browser, path, size):
    with lab.tab(browser, offline=True) as page:
        page.add_init_script(OPENED.replace("SIZE", str(size)))
        page.goto(path.as_uri())
        page.wait_for_function("() => window.opened")
        opened = page.evaluate("window.opened") / 1000
        steps = [page.evaluate(STEP) for _ in range(STEPS)]
    return opened, statistics.median(steps), max(steps)


def drawn():
    chance, names = random.Random(1), [f"task_{number}" for number in range(200)]
    dense = set()
    while len(dense) < 2000:
        dense.add(tuple(names[number] for number in sorted(chance.sample(range(200), 2))))
    chain = [f"task_{number}" for number in range(500)]
    graphs = {
        "dense, 200 tasks, 2,000 edges": Graph.of(names, sorted(dense)),
        "chain of 500": Graph.of(chain, list(pairwise(chain))),
    }
    for name, graph in graphs.items():
        begun = time.perf_counter()
        layout(graph, {})
        print(f"{name}: drawn in {time.perf_counter() - begun:.2f} s")


def main():
    if lab.CHROMIUM is None:
        sys.exit(lab.WITHOUT)
    drawn()
    sizes = ((100, 1000), (1000, 10_000))
    with tempfile.TemporaryDirectory() as folder, lab.chromium() as browser:
        path = Path(folder) / "run.html"
        for size, events in sizes:
            many(size, events).page(path)
            opened, median, worst = measure(browser, path, size)
            head = f"page, {size} tasks, {events} events ({path.stat().st_size / 1e6:.1f} MB)"
            steps = f"a step {median:.0f} ms, at worst {worst:.0f} ms"
            print(f"{head}: opened in {opened:.2f} s, {steps}")
        with lab.server(Path(folder)) as address:
            for size, _ in sizes:
                with lab.tab(browser) as page:
                    work = Path(folder) / "work"
                    opened, median, worst, _ = bench_panel.measure(page, address, work, size)
                change = f"a change {median * 1000:.0f} ms, at worst {worst * 1000:.0f} ms"
                print(f"widget (peer), {size} tasks: opened in {opened:.2f} s, {change}")


if __name__ == "__main__":
    main()
