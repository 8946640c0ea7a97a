import os

import pandas as pd


def process_data(input_file, output_file):
    (pd.read_csv(input_file) * 2).to_csv("part.csv", index=False)
    os.replace("part.csv", output_file)
