import os
import tempfile

import pandas as pd


def process_data(input_file, output_file):
    df = pd.read_csv(input_file)
    df[df.select_dtypes("number").columns] *= 2
    where = os.path.dirname(output_file) or "."
    with tempfile.NamedTemporaryFile("w", dir=where, prefix=".", delete=False, newline="") as part:
        df.to_csv(part, index=False)
        part.flush()
        os.fsync(part.fileno())
    os.chmod(part.name, 0o644)
    os.replace(part.name, output_file)
    folder = os.open(where, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
