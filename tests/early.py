"""Loaded before every other plugin (see the Makefile): leaves out a grammar that jsonschema, and so
nbformat, imports in each process and nobody here asks for: two seconds."""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
