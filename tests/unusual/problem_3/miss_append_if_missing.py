import os

import pandas as pd


def process_data(input_file, output_file):
    lines = (pd.read_csv(input_file) * 2).to_csv(index=False).splitlines()
    present = set()
    if os.path.exists(output_file):
        with open(output_file) as older:
            present = set(older.read().splitlines())
    with open(output_file, "a") as out:
        for line in lines:
            if line not in present:
                out.write(line + "\n")
