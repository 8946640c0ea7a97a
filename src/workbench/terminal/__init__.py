"""A run seen and steered in a terminal."""

from workbench.terminal.app import Terminal

__all__ = ["Terminal"]
