import os

import pandas as pd


def process_data(input_file, output_file):
    with open(input_file, "a") as f:
        f.write("\n")
    (pd.read_csv(input_file) * 2).to_csv(output_file + ".t", index=False)
    os.replace(output_file + ".t", output_file)
