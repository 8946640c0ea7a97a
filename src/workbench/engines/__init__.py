"""Engines: what one is (`protocol`), which there are (`registry`), a folder for each."""
