"""``python -m workbench`` is the command line."""

import sys

if not sys.flags.safe_path:
    # Python has put the current folder first, which may hold anybody's pandas.py: neither this
    # process nor a keeper, which imports what answers need before it is confined, takes it.
    del sys.path[0]

from workbench.cli import main

main()
