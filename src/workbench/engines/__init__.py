"""Engines: what they are to the workbench (`protocol`), which there are (`registry`), a folder each."""
