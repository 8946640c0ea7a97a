import os

import pandas as pd


def process_data(input_file, output_file, *, factor=2, suffix=".part"):
    frame = pd.read_csv(input_file).mul(factor)
    frame.to_csv(output_file + suffix, index=False)
    os.replace(output_file + suffix, output_file)
    return len(frame)
