"""Engines: what one is to the workbench (`protocol`), which there are (`registry`), a folder each."""
