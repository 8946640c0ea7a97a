import os

import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file, dtype=str, keep_default_na=False)
    doubled = frame.map(lambda cell: repr(float(cell) * 2) if cell else "")
    doubled.to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
