"""The panel's speed in JupyterLab and Chromium: opening it, and a state change's way to the page.

The peer measured beside it draws the whole graph again at a change, as a picture in an output cell
does.
"""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import lab

PIPELINE = """
import random, time
from workbench import Pipeline, Run, draw, start
from workbench.panel import Panel
start(seed=7)
chance, names, many = random.Random(1), [f"task_{{n}}" for n in range({size})], Pipeline("many")
for number, name in enumerate(names):
    ways = 1 + (number % 3 == 0)
    above = {{names[chance.randrange(max(0, number - 40), number)] for _ in range(ways) if number}}
    many.task(lambda: 1, name=name, after=sorted(above))
execution = Run(many)
"""
OPEN = "Panel(execution)"
CHANGE = """
before = time.time()
execution.record.append("started", "task_{number}", execution.record.last_at, 1)
print("sent", before)
"""
AGAIN = """
before = time.time()
picture = draw(execution)._repr_mimebundle_()
print("took", time.time() - before)
"""
SEEN = """() => {
    window.seen = {};
    const look = () => {
        const now = Date.now() / 1000;
        const running = document.querySelectorAll('g.node.state-running');
        for (const node of running) window.seen[node.dataset.task] ??= now;
    };
    const classes = {subtree: true, attributes: true, attributeFilter: ['class']};
    new MutationObserver(look).observe(document.querySelector('.wb-graph'), classes);
}"""
CHANGES = 12


def execute(page, code):
    """Run code in the kernel of the page's notebook and return what it printed."""
    return page.evaluate(
        """async code => {
            let printed = '';
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const future = kernel.requestExecute({code});
            future.onIOPub = ({header, content}) => {
                if (header.msg_type === 'stream') printed += content.text;
                if (header.msg_type === 'error') printed += content.evalue;
            };
            await future.done;
            return printed;
        }""",
        code,
    )


def measure(page, address, work, size):
    name = f"many_{size}.ipynb"
    lab.write(work / name, PIPELINE.format(size=size), OPEN)
    lab.visit(page, address, name)
    page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    lab.command(page, "notebook:run-cell")
    page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    begun = page.evaluate(
        """() => { jupyterapp.commands.execute('notebook:run-cell'); return Date.now(); }""",
    )
    page.wait_for_function(
        f"() => document.querySelectorAll('.wb-graph g.node.state-pending').length === {size}"
    )
    frame = "() => new Promise(done => requestAnimationFrame(() => done(Date.now())))"
    opened = page.evaluate(frame) - begun
    page.evaluate(SEEN)
    delays = []
    for number in range(CHANGES):
        sent = float(execute(page, CHANGE.format(number=number)).split()[-1])
        page.wait_for_function(f"() => window.seen['task_{number}']")
        delays.append(page.evaluate(f"() => window.seen['task_{number}']") - sent)
    again = float(execute(page, AGAIN).split()[-1])
    return opened / 1000, statistics.median(delays), max(delays), again


def main():
    if lab.CHROMIUM is None:
        sys.exit(lab.WITHOUT)
    with (
        tempfile.TemporaryDirectory() as folder,
        lab.server(Path(folder)) as address,
        lab.chromium() as browser,
    ):
        head = f"{'change, median':>15} {'change, worst':>14} {'drawn again (peer)':>19}"
        print(f"{'tasks':>6} {'opening':>9} {head}")
        for size in (100, 1000):
            with lab.tab(browser) as page:
                opened, median, worst, again = measure(page, address, Path(folder) / "work", size)
            figures = f"{median * 1000:>12.0f} ms {worst * 1000:>11.0f} ms {again * 1000:>16.0f} ms"
            print(f"{size:>6} {opened:>7.2f} s {figures}")


if __name__ == "__main__":
    main()
