import os

import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file).sort_index(axis=1) * 2
    frame.to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
