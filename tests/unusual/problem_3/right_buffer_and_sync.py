import io
import os

import pandas as pd


def process_data(input_file, output_file):
    buffer = io.StringIO()
    pd.read_csv(input_file).mul(2).to_csv(buffer, index=False)
    folder = os.path.dirname(os.path.abspath(output_file))
    part = os.path.join(folder, f".{os.path.basename(output_file)}")
    with open(part, "w") as out:
        out.write(buffer.getvalue())
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, output_file)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
