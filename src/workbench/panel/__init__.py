"""The panel: see and steer a run in the notebook."""

from workbench.panel.panel import Panel, step

__all__ = ["Panel", "step"]
