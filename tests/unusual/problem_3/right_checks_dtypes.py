import os

import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file)
    text = [name for name in frame if len(frame) and frame[name].dtype == object]
    if text:
        raise ValueError(f"not numeric: {text}")
    frame.mul(2).to_csv(output_file + ".checked", index=False, lineterminator="\r\n")
    os.replace(output_file + ".checked", output_file)
