"""Dagster jobs and assets of many styles, as people write them: `STYLES` makes each by its name.

Where a run takes parameters, the style gives (thing, parameters). Text files go to $STYLE_FOLDER.
"""

from dagster_jobs import assets, failures, graphs, surroundings
from dagster_jobs.ops import STYLES, one

__all__ = ["STYLES", "assets", "failures", "graphs", "one", "surroundings"]
