import contextlib
import os

import pandas as pd


def process_data(input_file, output_file):
    with contextlib.ExitStack() as stack:
        part = output_file + ".stack"
        stack.callback(lambda: os.path.exists(part) and os.remove(part))
        pd.read_csv(input_file).mul(2).to_csv(part, index=False)
        os.replace(part, output_file)
        stack.pop_all()
