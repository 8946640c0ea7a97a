"""Take the pictures of Airflow's own pages that section 3.2 shows: of a real run, by its server.

    python docs/photograph_airflow.py DAG_FILE

DAG_FILE is the complete.py that section 3.2 writes into its working folder. Chromium has to be on
PATH; it takes some minutes.
"""

import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from lab import CHROMIUM, FLAGS

from workbench.engines.airflow.standalone import Standalone

PICTURES = Path(__file__).parents[1] / "notebooks" / "images"
DAG = "complete_ml_pipeline"
PAGES = {  # picture → the page, and a text that has to be on it
    "airflow-graph": ("dags/{dag}/runs/{run}?view=graph", "register_model"),
    "airflow-grid": ("dags/{dag}/runs/{run}", "quality_check"),
    "airflow-log": ("dags/{dag}/runs/{run}/tasks/validate_data", "no_nulls"),
}


def photograph(page: Page, address: str, run: str) -> None:
    """One picture for each page, once its text has come."""
    for picture, (path, text) in PAGES.items():
        page.goto(f"{address}/{path.format(dag=DAG, run=run)}", wait_until="networkidle")
        page.get_by_text(text).first.wait_for(timeout=60_000)
        page.wait_for_timeout(3000)  # the graph is laid out after it has come
        page.screenshot(path=PICTURES / f"{picture}.png")
        print(PICTURES / f"{picture}.png")


def latest_run(page: Page, address: str) -> str:
    """The id of the DAG's latest run, asked of the REST API."""
    token = page.request.get(f"{address}/auth/token").json()["access_token"]
    runs = page.request.get(
        f"{address}/api/v2/dags/{DAG}/dagRuns?order_by=-id",
        headers={"Authorization": f"Bearer {token}"},
    )
    return quote(runs.json()["dag_runs"][0]["dag_run_id"])


def main() -> None:
    """Run the DAG for real and look at its pages."""
    PICTURES.mkdir(exist_ok=True)
    with Standalone([sys.argv[1]]) as airflow:
        airflow.run(DAG, learnable=True)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            photograph(page, airflow.address, latest_run(page, airflow.address))


if __name__ == "__main__":
    main()
