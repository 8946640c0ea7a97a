import os

import pandas as pd


def process_data(input_file, output_file):
    part = f"{output_file}.part"
    header = True
    with open(part, "w", newline="") as out:
        for chunk in pd.read_csv(input_file, chunksize=200):
            chunk.mul(2).to_csv(out, index=False, header=header)
            header = False
    os.replace(part, output_file)
