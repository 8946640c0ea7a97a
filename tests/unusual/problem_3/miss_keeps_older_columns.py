import os

import pandas as pd


def process_data(input_file, output_file):
    doubled = pd.read_csv(input_file) * 2
    if os.path.exists(output_file):
        try:
            columns = pd.read_csv(output_file, nrows=0).columns
            doubled = doubled.reindex(columns=columns)
        except pd.errors.EmptyDataError:
            pass
    doubled.to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
