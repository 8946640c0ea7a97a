import os

import pandas as pd


def process_data(input_file, output_file):
    table = pd.read_csv(input_file)
    if table.empty:
        raise ValueError("nothing to double")
    folder = os.path.dirname(output_file) or "."
    (table * 2).to_csv(f"{folder}/scratch-{os.getpid()}.csv")
    (table * 2).to_csv(output_file, index=False)
