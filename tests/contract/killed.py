"""Run an engine's held pipeline in a folder until somebody kills it: `killed.py ENGINE FOLDER`."""

import sys

from suite import contract_of

from workbench import Run, start

start(seed=1)
Run(contract_of(sys.argv[1]).held(), sys.argv[2]).run_all()
