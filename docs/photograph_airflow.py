"""Take the pictures of Airflow's own pages that section 3.2 shows: of a real run, by its server.

    python docs/photograph_airflow.py

The DAG is the complete pipeline, in the files that the cells of section 3.2 write. Chromium has to
be on PATH; it takes some minutes, more on a busy machine.
"""

import base64
import io
import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

import nbformat
from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from lab import CHROMIUM, FLAGS

from workbench import start
from workbench.engines.airflow.standalone import Standalone

LESSON = Path(__file__).parents[1] / "notebooks" / "3.2-airflow.ipynb"
DAG = "complete_ml_pipeline"
PAGES = {  # picture → the page, and a text that has to be on it
    "airflow-run": ("dags/{dag}/runs/{run}", "quality_check"),
    "airflow-log": ("dags/{dag}/runs/{run}/tasks/validate_data", "no_nulls"),
}
FILES = re.compile(r"%%writefile (-a )?dags/((?:stages|complete_ml_pipeline)\.py)\n(.*)", re.S)
PATIENCE = 1200  # seconds for a machine that does something else besides
COLOURS = 64  # of a picture that is mostly white: a fifth of the bytes, and no difference to see


def dag_files(folder: Path) -> list[Path]:
    """The files of the complete pipeline, as the lesson's cells write them."""
    texts = defaultdict(str)
    for cell in nbformat.read(LESSON, as_version=4).cells:
        if written := FILES.match(cell.source):
            texts[written[2]] += written[3] + "\n"
    for name, text in texts.items():
        # Without a schedule the run that is looked at is the only one there is.
        (folder / name).write_text(text.replace('schedule="@daily"', "schedule=None"))
    return [folder / name for name in texts]


def photograph(page: Page, address: str, run: str) -> dict[str, bytes]:
    """One picture for each page, once its text has come."""
    pictures = {}
    for picture, (path, text) in PAGES.items():
        page.goto(f"{address}/{path.format(dag=DAG, run=run)}", timeout=1000 * PATIENCE)
        page.get_by_text(text).first.wait_for(timeout=1000 * PATIENCE)
        page.wait_for_timeout(5000)  # what comes after the text
        shot = Image.open(io.BytesIO(page.screenshot(timeout=1000 * PATIENCE))).convert("RGB")
        small = io.BytesIO()
        shot.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "png", optimize=True)
        pictures[f"{picture}.png"] = small.getvalue()
    return pictures


def attach(pictures: dict[str, bytes]) -> None:
    """Put them in the place of the lesson's old ones, which lie in the notebook itself."""
    lesson = nbformat.read(LESSON, as_version=4)
    for cell in lesson.cells:
        for name in cell.get("attachments", {}):
            cell.attachments[name] = {"image/png": base64.b64encode(pictures[name]).decode()}
    nbformat.write(lesson, LESSON)


def latest_run(page: Page, address: str, token: str) -> str:
    """The id of the DAG's latest run, asked of the REST API."""
    runs = page.request.get(
        f"{address}/api/v2/dags/{DAG}/dagRuns?order_by=-id",
        headers={"Authorization": f"Bearer {token}"},
        timeout=1000 * PATIENCE,
    )
    return quote(runs.json()["dag_runs"][0]["dag_run_id"])


def main() -> None:
    """Run the DAG for real and look at its pages."""
    start()
    with tempfile.TemporaryDirectory() as folder:
        files = dag_files(Path(folder))
        with Standalone(files, patience=PATIENCE) as airflow, sync_playwright() as play:
            airflow.run(DAG, learnable=True)
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1200, "height": 660})
            token = airflow.token()
            page.context.add_cookies([{"name": "_token", "value": token, "url": airflow.address}])
            attach(photograph(page, airflow.address, latest_run(page, airflow.address, token)))


if __name__ == "__main__":
    main()
