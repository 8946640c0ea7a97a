import io
import os

import pandas as pd


def process_data(input_file, output_file):
    text = (pd.read_csv(input_file) * 2).to_csv(index=False).encode()
    mode = "r+b" if os.path.exists(output_file) else "wb"
    with open(output_file, mode, buffering=len(text) + 1) as out:
        out.write(text)
        out.flush()
        out.truncate()
