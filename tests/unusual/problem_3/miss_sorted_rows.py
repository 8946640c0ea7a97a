import os

import pandas as pd


def process_data(input_file, output_file):
    frame = pd.read_csv(input_file)
    frame = frame.sort_values(frame.columns[0]) * 2
    frame.to_csv(output_file + ".part", index=False)
    os.replace(output_file + ".part", output_file)
