"""A whole class: what was handed in, judging it, and the tables that come of it."""
