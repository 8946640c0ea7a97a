"""The pictures of the README and of docs/, taken anew: `python tests/pictures.py [NAME…]`.

A run of seven tasks, of which one fails at first and one to the end: the panel in JupyterLab on
light and dark, the page on a phone, two runs on one page, a lesson of the site, a step-through.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import lab
from PIL import Image

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
TRAINING = """
from workbench import Pipeline, Run, start, step
start(seed=7)
training = Pipeline("churn model")

@training.task
def collect(rows=1200):
    time.sleep(0.4)
    return pd.DataFrame({"customer": range(rows), "months": 12, "churned": 0})

@training.task(retries=1)
def validate(collect):
    time.sleep(0.3)
    assert len(collect) >= 1000
    return {"rows": len(collect), "missing": 0}

@training.task
def features(collect, validate):
    time.sleep(0.5)
    return ["months", "tickets", "plan"]

@training.task
def fit_forest(features):
    time.sleep(0.9)
    return {"model": "forest", "accuracy": 0.912}

@training.task
def fit_linear(features):
    time.sleep(0.6)
    return {"model": "linear", "accuracy": 0.874}

@training.task
def evaluate(fit_forest, fit_linear):
    time.sleep(0.3)
    best = max(fit_forest, fit_linear, key=lambda one: one["accuracy"])
    if best["accuracy"] < 0.92:
        raise ValueError(f"{best['model']} reaches {best['accuracy']}, and 0.92 is asked for")
    return best

@training.task
def deploy(evaluate):
    return f"{evaluate['model']} is live"
"""
IMPORTS = "import time\nimport pandas as pd\n"
STEERED = """
execution = Run(training)
execution.inject("validate", "raise once")
execution.run_all()
"""
SCROLLED = "top => scrollBy(0, document.querySelector('iframe').getBoundingClientRect().top - top)"
SHOWN = f"{IMPORTS}{TRAINING}{STEERED}panel = step(execution)\npanel.selected = 'evaluate'\npanel"


def run(limit=0.92):
    """The record of that run; of another, in which less is asked for."""
    space = {}
    exec(IMPORTS + TRAINING.replace("0.92", str(limit)) + STEERED, space)
    return space["execution"].record


@contextmanager
def opened(browser, path, **options):
    settings = {"device_scale_factor": 1.5, "reduced_motion": "no-preference", **options}
    with lab.tab(browser, offline=True, **settings) as page:
        page.goto(path.as_uri())
        page.wait_for_selector("g.node[aria-label]")
        yield page
        assert not page.errors


def panels(browser, folder):
    """The panel in JupyterLab, on both of its themes."""
    with lab.server(folder) as address, lab.tab(browser, device_scale_factor=1.5) as page:
        lab.write(folder / "work" / "panel.ipynb", SHOWN)
        lab.visit(page, address, "panel.ipynb")
        lab.command(page, "notebook:run-cell")
        panel = page.locator(".wb-panel")
        panel.locator(".wb-error").wait_for()
        panel.get_by_role("tab", name="Log").click()
        panel.get_by_text("ValueError").last.wait_for()
        panel.screenshot(path=DOCS / "panel-light.png")
        lab.dark(page)
        page.wait_for_timeout(500)
        panel.screenshot(path=DOCS / "panel-dark.png")


def phone(browser, folder):
    """The page of a run on a narrow dark screen."""
    run().page(folder / "run.html")
    size = {"width": 390, "height": 800}
    with opened(browser, folder / "run.html", viewport=size, color_scheme="dark") as page:
        page.screenshot(path=DOCS / "page-phone.png")


def page(browser, folder):
    """Two runs on one page."""
    from workbench.panel.page import pair

    pair(run(), run(0.9), folder / "two.html")
    size = {"width": 1180, "height": 860}
    with opened(browser, folder / "two.html", viewport=size) as page:
        page.screenshot(path=DOCS / "page-light.png")


def site(browser, folder):
    """A lesson of the site, where its panel plays: light, dark, and on a phone."""
    workbench = [sys.executable, "-m", "workbench"]
    shutil.copytree(ROOT / "notebooks", folder / "copies")
    execute = ["run", "notebooks/3.1-pipeline-design.ipynb", "--acts", "--out", folder / "copies"]
    subprocess.run([*workbench, *execute], cwd=ROOT, check=True)
    publish = ["publish", folder / "site", "--from", folder / "copies"]
    subprocess.run([*workbench, *publish], cwd=ROOT, check=True)
    address = (folder / "site" / "notebooks" / "3.1-pipeline-design.html").as_uri()
    wide, narrow = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
    lesson(browser, address, "site-light", viewport=wide)
    lesson(browser, address, "site-dark", viewport=wide, color_scheme="dark")
    options = {"viewport": narrow, "has_touch": True, "is_mobile": True}
    lesson(browser, address, "site-phone", device_scale_factor=1.5, **options)


def lesson(browser, address, name, **options):
    """The lesson at its first panel, whose run is shown to its end."""
    with lab.tab(browser, offline=True, **options) as page:
        page.goto(address)
        frame = page.locator("iframe").first
        frame.scroll_into_view_if_needed()
        frame.content_frame.locator("g.node[aria-label]").first.wait_for()
        for _ in range(3):  # what is drawn late above moves it once more
            page.evaluate(SCROLLED, 130 if options["viewport"]["width"] < 500 else 210)
            page.wait_for_timeout(500)
        page.screenshot(path=DOCS / f"{name}.png")


def steps(browser, folder):
    """From the first event to the last, as a picture that moves."""
    run().page(folder / "run.html")
    frames, times = [], []
    size = {"width": 880, "height": 622}
    with opened(browser, folder / "run.html", viewport=size, device_scale_factor=1) as page:
        page.evaluate("player.go(-1)")
        page.evaluate("player.model.set('tab', 'output')")
        last = page.evaluate("player.last")
        for number in range(last + 2):
            page.wait_for_timeout(250)
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            frames.append(shot)
            times.append(2500 if number > last else 450)
            if number <= last:
                page.evaluate("player.step(1)")
    frames[0].save(
        DOCS / "steps.webp",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=0,
        quality=60,
        method=4,
    )


PICTURES = {make.__name__: make for make in (panels, phone, page, site, steps)}


def main(names):
    if lab.CHROMIUM is None:
        sys.exit(lab.WITHOUT)
    with lab.chromium() as browser:
        for name in names or PICTURES:
            with tempfile.TemporaryDirectory() as folder:
                os.environ["WORKBENCH_HOME"] = f"{folder}/home"
                PICTURES[name](browser, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
