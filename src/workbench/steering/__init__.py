"""Steering a run: why a task stands where it stands, and what stands in for it."""
