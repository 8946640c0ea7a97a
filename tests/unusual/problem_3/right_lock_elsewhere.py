import fcntl
import os
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    with open(os.path.join(tempfile.gettempdir(), "process_data.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        part = os.path.join(os.path.dirname(output_file), "~" + os.path.basename(output_file))
        pd.read_csv(input_file).transform(lambda column: column * 2).to_csv(part, index=False)
        os.replace(part, output_file)
