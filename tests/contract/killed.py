"""Begin an engine's pipeline in a folder, or go on with it: `killed.py ENGINE PIPELINE FOLDER`.

It is there to be killed. Where it is not, it prints how the run has ended.
"""

import json
import sys
from pathlib import Path

from suite import contract_of

from workbench import Run, start

engine, pipeline, folder = sys.argv[1:]
start(seed=1)
thing = getattr(contract_of(engine), pipeline)()
if Path(folder, "record.jsonl").exists():
    run = Run.resume(folder, thing, jobs=2)
else:
    run = Run(thing, folder, jobs=2)
run.run_all()
print(json.dumps({"state": run.record.state, "outputs": {**run.outputs}}))
run.close()
